import Glibc
import Testing

@testable import PassgresCommands

@Suite struct `A login at a server` {
    private static let ask = message("R", [0, 0, 0, 3])
    private static let admit = message("R", [0, 0, 0, 0])
    private static let ready = message("Z", [UInt8(ascii: "I")])

    private static func message(_ kind: Unicode.Scalar, _ body: [UInt8]) -> [UInt8] {
        [UInt8(ascii: kind), 0, 0, 0, UInt8(body.count + 4)] + body
    }

    private static let faults: [[UInt8]] = [
        message("R", []) + ready, message("R", [0]) + ready, ask + message("R", []) + ready, ready, ask + ready,
        ask + admit + ask + ready, ask + admit + admit + ready, ask + message("R", [0, 0, 0, 10]),
        (0..<500).flatMap { _ in ask } + admit + ready,
    ]

    @Test(arguments: faults)
    func `is a fault where the server does not keep to the protocol, and answered once at most`(_ script: [UInt8])
        throws
    {
        let server = try ScriptedServer(script)
        #expect(throws: WireError.self) { try Self.logIn(to: server) }
        #expect(server.passwords(named: "s3cr3t") <= 1)
    }

    @Test func `is done when the server is ready`() throws {
        let server = try ScriptedServer(
            Self.ask + Self.admit + Self.message("S", Array("server_version\u{0}16.9\u{0}".utf8)) + Self.ready)
        guard case .done(version: "16.9") = try Self.logIn(to: server) else {
            Issue.record("not let in")
            return
        }
        #expect(server.passwords(named: "s3cr3t") == 1)
    }

    @Test func `gives no password to a server that asks for nothing, or for something else`() throws {
        for (script, isOther) in [(Self.admit + Self.ready, false), (Self.message("R", [0, 0, 0, 10]), true)] {
            let server = try ScriptedServer(script)
            switch try Self.logIn(to: server) {
            case .askedNothing: #expect(!isOther)
            case .wantsOther(10): #expect(isOther)
            default: Issue.record("something else")
            }
            #expect(server.passwords(named: "s3cr3t") == 0)
        }
    }

    private static func logIn(to server: ScriptedServer) throws -> LoginExchange.Outcome {
        let address = try #require(try SocketAddress.resolve("127.0.0.1", port: "\(server.port)").first)
        let connection = try ServerConnection(to: address, within: 20)
        return try LoginExchange(user: "ada", database: "orders", password: "s3cr3t").run(over: connection)
    }
}

/// A port at which everybody gets the same bytes, whatever they say; what the first one says is kept.
private final class ScriptedServer {
    let port: UInt16
    private let listener: Int32
    private let script: [UInt8]
    private var thread = pthread_t()
    private var received: [UInt8] = []

    init(_ script: [UInt8]) throws {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                _ = bind(listener, $0, size)
                listen(listener, 1)
                getsockname(listener, $0, &size)
            }
        }
        port = UInt16(bigEndian: address.sin_port)
        self.listener = listener
        self.script = script
        let context = Unmanaged.passUnretained(self).toOpaque()
        let code = pthread_create(
            &thread, nil,
            { context in
                context.map { Unmanaged<ScriptedServer>.fromOpaque($0).takeUnretainedValue().serve() }
                return nil
            }, context)
        try #require(code == 0)
    }

    private func serve() {
        let client = accept(listener, nil, nil)
        defer { close(client) }
        _ = send(client, script, script.count, Int32(MSG_NOSIGNAL))
        var buffer = [UInt8](repeating: 0, count: 1 << 14)
        while case let count = recv(client, &buffer, buffer.count, 0), count > 0 { received += buffer[..<count] }
    }

    /// How often the client that has left gave this password.
    func passwords(named password: String) -> Int {
        pthread_join(thread, nil)
        close(listener)
        let answer = [UInt8(ascii: "p"), 0, 0, 0, UInt8(password.utf8.count + 5)] + Array(password.utf8) + [0]
        return received.indices.filter { received[$0...].starts(with: answer) }.count
    }
}
