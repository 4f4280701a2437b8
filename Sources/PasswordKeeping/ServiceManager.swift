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
    ///
    /// Linux holds ten messages for a socket that nobody reads (`net.unix.max_dgram_qlen`), and refuses more.
    @discardableResult
    func tell(_ lines: String...) -> Bool { send(lines, waiting: nil) == .sent }

    /// Tells the manager what it waits for, such as the end of a reload; it is given five seconds to read what came before.
    @discardableResult
    func tellWaiting(_ lines: String...) async -> Bool {
        switch send(lines, waiting: nil) {
        case .sent: return true
        case .refused: return false
        case .full: return await onOwnThread { send(lines, waiting: 5) } == .sent
        }
    }

    /// Tells it that configuration is being read again; the time keeps it from taking an older notice for this one's end.
    func tellReloading() async {
        var now = timespec()
        clock_gettime(CLOCK_MONOTONIC, &now)
        await tellWaiting("RELOADING=1", "MONOTONIC_USEC=\(now.tv_sec * 1_000_000 + now.tv_nsec / 1_000)")
    }

    private enum Sending {
        case sent, full, refused
    }

    private func send(_ lines: [String], waiting seconds: Int?) -> Sending {
        guard let socket = try? SocketAddress.connect(to: address, SOCK_DGRAM, waiting: seconds) else {
            return .refused
        }
        defer { close(socket) }
        let flags = Int32(MSG_NOSIGNAL) | (seconds == nil ? Int32(MSG_DONTWAIT) : 0)
        let message = Array(lines.joined(separator: "\n").utf8)
        while Glibc.send(socket, message, message.count, flags) != message.count {
            if errno != EINTR { return errno == EAGAIN ? .full : .refused }
        }
        return .sent
    }
}
