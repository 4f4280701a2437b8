import Glibc
import TokenCredentials

/// Waits on this machine's loopback addresses, and nowhere else, for the browser to come back.
///
/// The browser is sent to `localhost`, which is `127.0.0.1` or `[::1]` as it pleases the browser: a port that is ours at one
/// of them only would let another user of the machine wait at the other.
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
    private let sockets: Guarded<[Int32]>
    private let wakeRead: Int32
    private let wakeWrite: Int32
    private let reason = Guarded<Reason?>(nil)
    private let readLimit: Duration

    /// Listens on a free port.
    ///
    /// - Parameter listening: Listens on the port at the IPv6 address too. A seam: whether somebody else has that port just
    ///   now cannot be arranged.
    ///
    /// Throws ``CredentialError/failed(_:)`` with the system's reason.
    init(
        readLimit: Duration, listeningOnIPv6 listening: (UInt16) -> LoopbackSocket = LoopbackSocket.onIPv6
    ) throws(CredentialError) {
        var pair: [Int32] = [-1, -1]
        guard socketpair(AF_UNIX, LoopbackSocket.kind, 0, &pair) == 0 else { throw Self.failure(errno) }
        do throws(CredentialError) {
            let (sockets, port) = try Self.listen(listening)
            self.sockets = Guarded(sockets)
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
        closeSockets()
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
        defer { closeSockets() }
        var connections: [LoopbackConnection] = []
        defer { for connection in connections { connection.close() } }
        while true {
            if let reason = reason.withLock({ $0 }) { return .stopped(reason) }
            let sockets = sockets.withLock { $0 }
            guard !sockets.isEmpty else { return .stopped(.cancelled) }
            var waiting = [pollfd(fd: wakeRead, events: Int16(POLLIN), revents: 0)]
            waiting += connections.map { pollfd(fd: $0.socket, events: Int16(POLLIN), revents: 0) }
            let firstListening = waiting.count
            // Whoever opens many connections and sends nothing waits in the system's queue.
            if connections.count < 16 { waiting += sockets.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) } }
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
            for listening in waiting[firstListening...] where listening.revents != 0 {
                let accepted = accept(listening.fd, nil, nil)
                if accepted >= 0 {
                    _ = fcntl(accepted, F_SETFD, FD_CLOEXEC)
                    _ = fcntl(accepted, F_SETFL, O_NONBLOCK)
                    connections.append(
                        LoopbackConnection(socket: accepted, port: port, deadline: .now + readLimit))
                } else if ![EAGAIN, EINTR, ECONNABORTED].contains(errno) {
                    return .broken(errno: errno)
                }
            }
        }
    }

    private func closeSockets() {
        let open = sockets.withLock { sockets in
            defer { sockets = [] }
            return sockets
        }
        for socket in open { close(socket) }
    }

    /// Tries ports until one is free at both addresses, or there is no IPv6, where nobody else can listen either.
    private static func listen(
        _ listeningOnIPv6: (UInt16) -> LoopbackSocket
    ) throws(CredentialError) -> (sockets: [Int32], port: UInt16) {
        for _ in 0..<64 {
            let (socket, port) = try LoopbackSocket.onIPv4()
            switch listeningOnIPv6(port) {
            case .listening(let other): return ([socket, other], port)
            case .absent: return ([socket], port)
            case .taken: close(socket)
            case .failed(let code):
                close(socket)
                throw failure(code)
            }
        }
        throw failure(EADDRINUSE)
    }

    static func failure(_ code: Int32) -> CredentialError {
        .failed(
            Diagnosis(
                "the loopback address cannot be listened on: \(SystemError.text(of: code))",
                remedy: "Sign in with a code instead: passgres login --device-code.", kind: .misconfigured))
    }
}
