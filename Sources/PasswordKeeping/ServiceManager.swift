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

    /// Tells the manager, and returns whether it will hear it.
    ///
    /// Linux holds ten messages for a socket that nobody reads (`net.unix.max_dgram_qlen`). A manager that is busy is waited
    /// for, five seconds at most: a notice that is dropped leaves it waiting for the end of a reload that is long over.
    @discardableResult
    func tell(_ lines: String...) async -> Bool {
        let message = Array(lines.joined(separator: "\n").utf8)
        switch send(message, waiting: .zero) {
        case .sent: return true
        case .refused: return false
        case .full: return await onOwnThread { send(message, waiting: .seconds(5)) } == .sent
        }
    }

    /// Tells it that configuration is being read again; the time keeps it from taking an older notice for this one's end.
    func tellReloading() async {
        var now = timespec()
        clock_gettime(CLOCK_MONOTONIC, &now)
        await tell("RELOADING=1", "MONOTONIC_USEC=\(now.tv_sec * 1_000_000 + now.tv_nsec / 1_000)")
    }

    private enum Sending {
        case sent, full, refused
    }

    private func send(_ message: [UInt8], waiting limit: Duration) -> Sending {
        guard let socket = try? SocketAddress.connect(to: address, SOCK_DGRAM) else { return .refused }
        defer { close(socket) }
        var flags = Int32(MSG_NOSIGNAL)
        if limit == .zero {
            flags |= Int32(MSG_DONTWAIT)
        } else {
            var time = timeval(tv_sec: Int(limit.components.seconds), tv_usec: 0)
            setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &time, socklen_t(MemoryLayout<timeval>.size))
        }
        if Glibc.send(socket, message, message.count, flags) == message.count { return .sent }
        return errno == EAGAIN ? .full : .refused
    }
}
