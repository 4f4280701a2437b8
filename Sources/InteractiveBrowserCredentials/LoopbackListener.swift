import Glibc
import TokenCredentials

/// Waits on this machine's loopback address, and nowhere else, for the browser to come back.
final class LoopbackListener: Sendable {
    /// How the wait ended.
    enum Ending: Hashable, Sendable {
        case reply(AuthorizationReply)
        case stopped(Reason)
        case broken(errno: Int32)
    }

    /// Why nobody waits any longer.
    enum Reason: Hashable, Sendable {
        case timeLimit
        case cancelled
        case noBrowser
    }

    /// The port, chosen by the system.
    let port: UInt16
    private let socket: Guarded<Int32?>
    private let wakeRead: Int32
    private let wakeWrite: Int32
    private let reason = Guarded<Reason?>(nil)
    private let readLimit: Duration

    /// A stream that other programs do not inherit and that nobody waits in.
    private static let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)

    /// Listens on a free port.
    ///
    /// Throws ``CredentialError/failed(_:)`` with the system's reason.
    init(readLimit: Duration) throws(CredentialError) {
        var pair: [Int32] = [-1, -1]
        guard socketpair(AF_UNIX, Self.kind, 0, &pair) == 0 else { throw Self.failure(errno) }
        do throws(CredentialError) {
            let (socket, port) = try Self.listen()
            self.socket = Guarded(socket)
            self.port = port
        } catch {
            close(pair[0])
            close(pair[1])
            throw error
        }
        (wakeRead, wakeWrite) = (pair[0], pair[1])
        self.readLimit = readLimit
    }

    deinit {
        closeSocket()
        close(wakeRead)
        close(wakeWrite)
    }

    /// Ends the wait, if it has not ended already.
    func stop(_ reason: Reason) {
        self.reason.withLock { if $0 == nil { $0 = reason } }
        var byte: UInt8 = 1
        _ = write(wakeWrite, &byte, 1)
    }

    /// Serves requests until one is the reply to the sign-in with that state.
    ///
    /// Blocks: call it on a thread of its own.
    func serve(state: String) -> Ending {
        defer { closeSocket() }
        var connections: [LoopbackConnection] = []
        defer { for connection in connections { connection.close() } }
        while true {
            if let reason = reason.withLock({ $0 }) { return .stopped(reason) }
            guard let socket = socket.withLock({ $0 }) else { return .stopped(.cancelled) }
            var waiting = [pollfd(fd: wakeRead, events: Int16(POLLIN), revents: 0)]
            waiting += connections.map { pollfd(fd: $0.socket, events: Int16(POLLIN), revents: 0) }
            // Whoever opens many connections and sends nothing waits in the system's queue.
            if connections.count < 16 { waiting.append(pollfd(fd: socket, events: Int16(POLLIN), revents: 0)) }
            let now = ContinuousClock.now
            let wait = connections.map { now.duration(to: $0.deadline) }.min().map { max(0, $0.milliseconds + 1) }
            guard poll(&waiting, nfds_t(waiting.count), wait.map { Int32(clamping: $0) } ?? -1) >= 0 || errno == EINTR
            else { return .broken(errno: errno) }
            for index in connections.indices.reversed() {
                if let reply = connections[index].advance(
                    isReadable: waiting[index + 1].revents != 0, state: state, answerLimit: readLimit)
                {
                    return .reply(reply)
                }
                if connections[index].isDone { connections.remove(at: index).close() }
            }
            if let last = waiting.last, last.fd == socket, last.revents != 0 {
                let accepted = accept(socket, nil, nil)
                if accepted >= 0 {
                    _ = fcntl(accepted, F_SETFD, FD_CLOEXEC)
                    _ = fcntl(accepted, F_SETFL, O_NONBLOCK)
                    connections.append(LoopbackConnection(socket: accepted, deadline: .now + readLimit))
                } else if ![EAGAIN, EINTR, ECONNABORTED].contains(errno) {
                    return .broken(errno: errno)
                }
            }
        }
    }

    private func closeSocket() {
        if let open = socket.withLock({ socket -> Int32? in
            defer { socket = nil }
            return socket
        }) {
            close(open)
        }
    }

    private static func listen() throws(CredentialError) -> (socket: Int32, port: UInt16) {
        let listening = Glibc.socket(AF_INET, kind, 0)
        guard listening >= 0 else { throw failure(errno) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isListening = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(listening, address, length) == 0 && Glibc.listen(listening, 64) == 0
                    && getsockname(listening, address, &length) == 0
            }
        }
        guard isListening else {
            let code = errno
            close(listening)
            throw failure(code)
        }
        return (listening, UInt16(bigEndian: address.sin_port))
    }

    static func failure(_ code: Int32) -> CredentialError {
        .failed(
            Diagnosis(
                "the loopback address cannot be listened on: \(SystemError.text(of: code))",
                remedy: "Sign in with a code instead: passgres login --device-code.", kind: .misconfigured))
    }
}
