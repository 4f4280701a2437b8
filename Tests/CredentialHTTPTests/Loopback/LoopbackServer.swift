import Glibc
import TokenCredentials

/// A server on 127.0.0.1 with a port of its own, a thread for each connection, and a closure that answers.
///
/// It remembers what it was sent, and ends with the last reference to it.
final class LoopbackServer: Sendable {
    /// A request as it came.
    struct Received: Sendable {
        let method: String
        /// What stands between method and version.
        let target: String
        let headers: [(name: String, value: String)]
        /// Request line and headers with their line ends, as they came.
        let head: String
        let body: [UInt8]
        /// The name asked for in the TLS handshake.
        let serverName: String?
        /// Counts the connections, from 0.
        let connection: Int

        var bodyText: String { String(decoding: body, as: UTF8.self) }

        func header(_ name: String) -> String? {
            headers.first { $0.name.lowercased() == name.lowercased() }?.value
        }
    }

    /// What a request is answered with.
    enum Reply: Sendable {
        /// A whole response with its length; the connection stays.
        case response(Int, headers: [(name: String, value: String)] = [], body: String = "")
        /// These bytes and the end of the connection.
        case bytes(String)
        /// Nothing, until the client leaves or the server ends.
        case silence
        /// Whatever the closure writes, and the end of the connection.
        case stream(@Sendable (LoopbackConnection) -> Void)
        /// A tunnel's beginning, after which the server's TLS starts and more requests are read.
        case tunnel
    }

    /// How a connection begins.
    enum Opening: Sendable {
        /// With requests, inside TLS if the server has an identity.
        case ready
        /// With a request for a tunnel; the server's TLS begins when that is granted.
        case tunnel
        /// With this text, before anything was asked, and then it ends.
        case text(String)
    }

    typealias Answer = @Sendable (Received) -> Reply

    private let core: LoopbackCore

    /// Starts to listen.
    init(_ identity: TLSIdentity? = nil, opening: Opening = .ready, _ answer: @escaping Answer) throws {
        core = try LoopbackCore(identity, opening, answer)
        try core.start()
    }

    deinit {
        core.stop()
    }

    /// Stops to listen, from now on, and ends all connections.
    func stop() {
        core.stop()
    }

    /// The port.
    var port: Int { core.port }

    /// The address, without a path.
    var url: String { "\(core.isEncrypted ? "https" : "http")://127.0.0.1:\(port)" }

    /// The requests so far, in the order they were complete.
    var requests: [Received] { core.state.withLock { $0.requests } }

    /// How many connections were made so far.
    var connectionCount: Int { core.state.withLock { $0.connectionCount } }

    /// Waits until that many requests, or connections, have come.
    func waitFor(requests: Int = 0, connections: Int = 0) async {
        await withCheckedContinuation { continuation in
            let isSatisfied = core.state.withLock { state in
                let watcher = LoopbackCore.Watcher(requests: requests, connections: connections, wait: continuation)
                if watcher.isSatisfied(by: state) { return true }
                state.watchers.append(watcher)
                return false
            }
            if isSatisfied { continuation.resume() }
        }
    }
}

/// What the server's threads share.
final class LoopbackCore: Sendable {
    struct Watcher {
        let requests: Int
        let connections: Int
        let wait: CheckedContinuation<Void, Never>

        func isSatisfied(by state: State) -> Bool {
            state.requests.count >= requests && state.connectionCount >= connections
        }
    }

    struct State {
        var requests: [LoopbackServer.Received] = []
        var connectionCount = 0
        var open: Set<Int32> = []
        var isStopped = false
        var watchers: [Watcher] = []

        mutating func takeSatisfiedWatchers() -> [Watcher] {
            let all = watchers
            watchers = all.filter { !$0.isSatisfied(by: self) }
            return all.filter { $0.isSatisfied(by: self) }
        }
    }

    let state = Guarded(State())
    let port: Int
    private let listener: Int32
    private let identity: TLSIdentity?
    private let opening: LoopbackServer.Opening
    private let answer: LoopbackServer.Answer

    var isEncrypted: Bool { identity != nil }

    init(
        _ identity: TLSIdentity?, _ opening: LoopbackServer.Opening, _ answer: @escaping LoopbackServer.Answer
    ) throws {
        (listener, port) = try Self.listen()
        self.identity = identity
        self.opening = opening
        self.answer = answer
    }

    private static func listen() throws -> (Int32, Int) {
        let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let code = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                bind(socket, pointer, length) | Glibc.listen(socket, 256) | getsockname(socket, pointer, &length)
            }
        }
        guard socket >= 0, code == 0 else { throw LoopbackError.system(SystemError.text(of: errno)) }
        return (socket, Int(UInt16(bigEndian: address.sin_port)))
    }

    func start() throws {
        try inThread { self.accept() }
    }

    func stop() {
        state.withLock { state in
            // Once: after that the listener's number may be another's.
            guard !state.isStopped else { return }
            state.isStopped = true
            shutdown(listener, Int32(SHUT_RDWR))
            for socket in state.open { shutdown(socket, Int32(SHUT_RDWR)) }
        }
    }

    private func accept() {
        while true {
            let socket = Glibc.accept(listener, nil, nil)
            guard socket >= 0 else { break }
            let number = state.withLock { state -> Int? in
                guard !state.isStopped else { return nil }
                state.open.insert(socket)
                defer { state.connectionCount += 1 }
                return state.connectionCount
            }
            guard let number else {
                close(socket)
                break
            }
            for watcher in state.withLock({ $0.takeSatisfiedWatchers() }) { watcher.wait.resume() }
            try? inThread { self.serve(LoopbackConnection(socket: socket, number: number)) }
        }
        state.withLock { state in
            state.isStopped = true
            close(listener)
        }
    }

    private func serve(_ connection: LoopbackConnection) {
        defer {
            connection.endTLS()
            // Out of the list first: its number may come back at once.
            state.withLock { _ = $0.open.remove(connection.socket) }
            close(connection.socket)
        }
        switch opening {
        case .ready:
            if let identity, !connection.startTLS(identity) { return }
        case .tunnel:
            break
        case .text(let text):
            _ = connection.write(text)
            return
        }
        while let request = connection.readRequest() {
            let watchers = state.withLock { state in
                state.requests.append(request)
                return state.takeSatisfiedWatchers()
            }
            for watcher in watchers { watcher.wait.resume() }
            switch answer(request) {
            case .response(let status, let headers, let body):
                var head = "HTTP/1.1 \(status) Because\r\n"
                for header in headers { head += "\(header.name): \(header.value)\r\n" }
                guard connection.write("\(head)Content-Length: \(body.utf8.count)\r\n\r\n\(body)") else { return }
            case .bytes(let bytes):
                _ = connection.write(bytes)
                return
            case .silence:
                connection.waitForEnd()
                return
            case .stream(let write):
                write(connection)
                return
            case .tunnel:
                guard connection.write("HTTP/1.1 200 Connection established\r\n\r\n"), let identity,
                    connection.startTLS(identity)
                else { return }
            }
        }
    }

    private func inThread(_ work: @escaping @Sendable () -> Void) throws {
        final class Job: Sendable {
            let work: @Sendable () -> Void
            init(_ work: @escaping @Sendable () -> Void) { self.work = work }
        }
        var thread = pthread_t()
        let job = Unmanaged.passRetained(Job(work))
        let code = pthread_create(
            &thread, nil,
            { job in
                // A client that has left must not end the process.
                var signals = sigset_t()
                sigfillset(&signals)
                pthread_sigmask(SIG_BLOCK, &signals, nil)
                if let job { Unmanaged<Job>.fromOpaque(job).takeRetainedValue().work() }
                return nil
            }, job.toOpaque())
        guard code == 0 else {
            job.release()
            throw LoopbackError.system(SystemError.text(of: code))
        }
        pthread_detach(thread)
    }
}

enum LoopbackError: Error {
    case system(String)
    case certificate(String)
}
