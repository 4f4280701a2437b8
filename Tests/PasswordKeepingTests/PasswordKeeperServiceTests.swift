import CredentialTesting
import Foundation
import PostgresCredentials
import ServiceLifecycle
import Testing
import TokenCredentials

@testable import PasswordKeeping

@Suite struct `A keeper as a service` {
    let login = Login(host: "h", port: "1", database: "d", user: "u")
    let token = AccessToken(secret: "s3cret", expiresAt: Date.now.addingTimeInterval(3600))

    func keeper(_ files: MemoryFiles) -> PasswordKeeper {
        PasswordKeeper(
            StubCredential("stub", .success(token)), for: login,
            storingIn: PasswordFileDestination(path: "/a", files: files))
    }

    @Test func `is gone once its socket is, also where that was just listed`() throws {
        let scratch = try ScratchDirectory()
        let address = HealthAddress.socket(path: scratch.path + "/keep-1.sock")
        #expect(StatusQuery.isAbandoned(address))
        let listener = try SocketAddress.listen(on: address)
        defer { close(listener) }
        #expect(!StatusQuery.isAbandoned(address))
    }

    @Test func `answers health checks, without a secret`() async throws {
        let files = MemoryFiles()
        let keeper = keeper(files)
        let responder = try HealthResponder(on: .tcp(host: "127.0.0.1", port: 0)) { keeper.answer(to: $0) }
        defer { responder.stop() }
        let address = HealthAddress.tcp(host: "127.0.0.1", port: responder.port)
        #expect(StatusQuery.document("/livez", at: address)?.status == 200)
        #expect(StatusQuery.document("/readyz", at: address)?.status == 503)
        #expect(StatusQuery.document("/none", at: address)?.status == 404)
        try await keeper.store()
        #expect(StatusQuery.document("/readyz", at: address)?.status == 200)
        let (status, body) = try #require(StatusQuery.document("/status", at: address))
        let row = try JSONDecoder().decode(JSONValue.self, from: body)["destinations"]
        guard status == 200, case .array(let rows)? = row, let first = rows.first else {
            Issue.record("no destinations")
            return
        }
        #expect(first["kind"]?.text == "password-file" && first["path"]?.text == "/a")
        #expect(first["outcome"]?.text == "fresh" && first["lastError"] == .null && first["logins"]?.integer == 1)
        #expect(first["expiresOn"]?.text == token.expiresAt.ISO8601Format())
        #expect(!String(decoding: body, as: UTF8.self).contains("s3cret"))
    }

    @Test(.timeLimit(.minutes(1)))
    func `does not call itself alive once it has not seen to its work for two minutes`() async throws {
        let files = MemoryFiles()
        // By a clock that stands still in another year, the keeper does not come back to its work.
        let keeper = PasswordKeeper(
            StubCredential("stub", .success(token)), for: login,
            storingIn: PasswordFileDestination(path: "/a", files: files), clock: ManualClock())
        #expect(keeper.answer(to: "/livez").status == 200)
        let run = Task { await keeper.run() }
        while files["/a"] == nil { await Task.yield() }
        #expect(keeper.answer(to: "/livez").status == 503)
        run.cancel()
        await run.value
    }

    @Test(arguments: [
        ("GET /livez HTTP/1.1\r\n\r\n", "HTTP/1.1 200"), ("POST /livez HTTP/1.1\r\n\r\n", "HTTP/1.1 405"),
        ("GET /livez?x=1 HTTP/1.0\r\nA: b\r\n\r\n", "HTTP/1.1 200"), ("nonsense\r\n\r\n", "HTTP/1.1 400"),
        ("HEAD /livez HTTP/1.1\r\n\r\n", "HTTP/1.1 200"), (String(repeating: "x", count: 10_000), ""),
    ])
    func `answers what is asked and nothing else`(request: String, beginning: String) throws {
        let responder = try HealthResponder(on: .tcp(host: "127.0.0.1", port: 0)) { _ in
            HealthAnswer(status: 200, body: Data("{}".utf8))
        }
        defer { responder.stop() }
        let connection = try SocketAddress.connect(to: .tcp(host: "127.0.0.1", port: responder.port), SOCK_STREAM)
        defer { close(connection) }
        _ = request.withCString { send(connection, $0, strlen($0), Int32(MSG_NOSIGNAL)) }
        var block = [UInt8](repeating: 0, count: 4_096)
        let count = recv(connection, &block, block.count, 0)
        let reply = String(decoding: block.prefix(max(0, count)), as: UTF8.self)
        #expect(beginning.isEmpty ? reply.isEmpty : reply.hasPrefix(beginning), "\(reply)")
        #expect(!request.hasPrefix("HEAD") || reply.hasSuffix("\r\n\r\n"))
    }

    @Test(.timeLimit(.minutes(2)), arguments: [(64, ""), (64, "GET /li"), (300, ""), (300, "G")])
    func `is not held up by clients that say nothing or not all, however many`(count: Int, beginning: String) throws {
        let responder = try HealthResponder(on: .tcp(host: "127.0.0.1", port: 0), timeLimit: .seconds(600)) { _ in
            HealthAnswer(status: 200, body: Data("{}".utf8))
        }
        defer { responder.stop() }
        let address = HealthAddress.tcp(host: "127.0.0.1", port: responder.port)
        let others = try (0..<count).map { _ in
            let other = try SocketAddress.connect(to: address, SOCK_STREAM, waiting: 10)
            _ = beginning.withCString { send(other, $0, strlen($0), Int32(MSG_NOSIGNAL)) }
            return other
        }
        defer { for connection in others { close(connection) } }
        let start = ContinuousClock.now
        for _ in 0..<10 { #expect(StatusQuery.document("/livez", at: address)?.status == 200) }
        #expect(ContinuousClock.now - start < .seconds(10))
    }

    @Test(.timeLimit(.minutes(2)))
    func `is not held up by clients that do not take their answers`() throws {
        let answer = HealthAnswer(status: 200, body: Data(repeating: 0x20, count: 1 << 24))
        let responder = try HealthResponder(on: .tcp(host: "127.0.0.1", port: 0), timeLimit: .seconds(600), places: 4) {
            path in
            path == "/status" ? answer : HealthAnswer(status: 200, body: Data("{}".utf8))
        }
        defer { responder.stop() }
        let address = HealthAddress.tcp(host: "127.0.0.1", port: responder.port)
        let others = try (0..<8).map { _ in
            let other = try SocketAddress.connect(to: address, SOCK_STREAM, waiting: 10)
            let request = "GET /status HTTP/1.1\r\n\r\n"
            _ = request.withCString { send(other, $0, strlen($0), Int32(MSG_NOSIGNAL)) }
            return other
        }
        defer { for connection in others { close(connection) } }
        #expect(StatusQuery.document("/livez", at: address)?.status == 200)
    }

    @Test func `says how ten thousand files fare within the second that somebody waits`() throws {
        let paths = (0..<10_000).map { "/srv/clients/\($0)/pgpass" }
        let files = MemoryFiles()
        let keeper = PasswordKeeper([
            PasswordAssignment(
                TokenSource(StubCredential("stub", .success(token))), logins: [KeptLogin(login)],
                storingIn: paths.map { PasswordFileDestination(path: $0, files: files) })
        ])
        let start = ContinuousClock.now
        let rows = keeper.status
        #expect(ContinuousClock.now - start < .seconds(1))
        #expect(rows.map(\.path) == paths)
    }

    @Test func `cannot listen where somebody else does`() throws {
        let first = try HealthResponder(on: .tcp(host: "127.0.0.1", port: 0)) { _ in
            HealthAnswer(status: 200, body: Data())
        }
        defer { first.stop() }
        let error = #expect(throws: DestinationError.self) {
            try HealthResponder(on: .tcp(host: "127.0.0.1", port: first.port)) { _ in
                HealthAnswer(status: 200, body: Data())
            }
        }
        #expect(error?.description.contains("127.0.0.1:\(first.port)") == true)
    }

    @Test(.timeLimit(.minutes(1)))
    func `tells systemd when all is ready, that it lives, and that it ends`() async throws {
        let scratch = try ScratchDirectory()
        let path = scratch.path + "/notify"
        let listener = try Self.listener(at: path)
        defer { close(listener) }
        let manager = try #require(
            ServiceManager(in: ["NOTIFY_SOCKET": path, "WATCHDOG_USEC": "100000", "WATCHDOG_PID": "\(getpid())"]))
        #expect(manager.watchdogInterval == .milliseconds(100))
        let service = PasswordKeeperService(keeper(MemoryFiles()), telling: manager)
        let run = Task { try await service.run() }
        var heard: Set<String> = []
        while !heard.isSuperset(of: ["READY=1", "WATCHDOG=1"]) {
            heard.formUnion(await onOwnThread { Self.messages(listener) })
        }
        run.cancel()
        try await run.value
        while !heard.contains("STOPPING=1") { heard.formUnion(await onOwnThread { Self.messages(listener) }) }
        #expect(heard.contains("STATUS=1 of 1 destinations are fresh"))
    }

    @Test(.timeLimit(.minutes(1)))
    func `waits for a manager that has not read yet what it was told before`() async throws {
        let scratch = try ScratchDirectory()
        let listener = try Self.listener(at: scratch.path + "/notify")
        defer { close(listener) }
        let manager = try #require(ServiceManager(in: ["NOTIFY_SOCKET": scratch.path + "/notify"]))
        let neighbour = try SocketAddress.connect(to: .socket(path: scratch.path + "/notify"), SOCK_DGRAM)
        defer { close(neighbour) }
        var count = 0
        while send(neighbour, "STATUS=", 7, Int32(MSG_DONTWAIT)) == 7 { count += 1 }
        #expect(count > 0 && errno == EAGAIN)
        // It has tried before we read, since such a task runs at once as far as it can.
        let telling = Task.immediate { await manager.tellWaiting("READY=1") }
        var heard: [String] = []
        while heard.last != "READY=1" { heard += await onOwnThread { Self.messages(listener) } }
        #expect(heard.count == count + 1)
        #expect(await telling.value)
    }

    private static func listener(at path: String) throws -> Int32 {
        let listener = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let bound = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        try #require(bound == 0)
        return listener
    }

    private static func messages(_ listener: Int32) -> [String] {
        var block = [UInt8](repeating: 0, count: 4_096)
        let count = recv(listener, &block, block.count, 0)
        return String(decoding: block.prefix(max(0, count)), as: UTF8.self).split(separator: "\n").map(String.init)
    }

    @Test func `leaves managers alone that want nothing, and watchdogs of others`() {
        #expect(ServiceManager(in: [:]) == nil)
        #expect(ServiceManager(in: ["NOTIFY_SOCKET": "relative"]) == nil)
        let manager = ServiceManager(in: ["NOTIFY_SOCKET": "@a", "WATCHDOG_USEC": "1000000", "WATCHDOG_PID": "1"])
        #expect(manager != nil && manager?.watchdogInterval == nil)
    }
}
