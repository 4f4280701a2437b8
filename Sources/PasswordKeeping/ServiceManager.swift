import FoundationEssentials
import Glibc
public import TokenCredentials

/// The service manager that started this process, as systemd says it is spoken to (sd_notify(3)).
public struct ServiceManager: Sendable {
    private let address: HealthAddress
    /// How often it wants to hear that we live; `nil` if it does not.
    public let watchdogInterval: Duration?

    /// Finds the manager by `NOTIFY_SOCKET`; `nil` if none wants to be told.
    public init?(in environment: ProcessEnvironment) {
        guard let path = environment["NOTIFY_SOCKET"], path.hasPrefix("/") || path.hasPrefix("@") else { return nil }
        address = .socket(path: path)
        let isMeant = environment["WATCHDOG_PID"].map { $0 == "\(getpid())" } ?? true
        watchdogInterval =
            isMeant ? environment["WATCHDOG_USEC"].flatMap { Int64($0) }.map { .microseconds(max($0, 1_000)) } : nil
    }

    /// Tells the manager, without waiting; returns whether it will hear it.
    @discardableResult
    func tell(_ lines: String...) -> Bool {
        guard let socket = try? SocketAddress.connect(to: address, SOCK_DGRAM) else { return false }
        defer { close(socket) }
        let message = Array(lines.joined(separator: "\n").utf8)
        return send(socket, message, message.count, Int32(MSG_NOSIGNAL | MSG_DONTWAIT)) == message.count
    }

    /// Tells it that configuration is being read again; the time keeps it from taking an older notice for this one's end.
    func tellReloading() {
        var now = timespec()
        clock_gettime(CLOCK_MONOTONIC, &now)
        tell("RELOADING=1", "MONOTONIC_USEC=\(now.tv_sec * 1_000_000 + now.tv_nsec / 1_000)")
    }
}
