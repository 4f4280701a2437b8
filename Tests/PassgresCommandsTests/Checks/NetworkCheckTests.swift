import CredentialHTTP
import CredentialTesting
import Foundation
import PostgresCredentials
import Testing
import TokenCredentials

@testable import PassgresCommands

@Suite struct `The checks of the network` {
    @Test(
        arguments: [
            ("Sun, 06 Nov 1994 08:49:37 GMT", 784_111_777.0), ("Fri, 15 Jan 2027 08:00:00 GMT", 1_800_000_000),
            ("06 Nov 1994", nil), ("", nil), ("Sun, 99 Nov 1994 08:49:37 GMT", nil), ("a, b c d e:f:g h", nil),
        ] as [(String, Double?)])
    func `read the date of a reply`(_ text: String, _ expected: Double?) {
        #expect(ClockCheck.date(text)?.timeIntervalSince1970 == expected)
    }

    @Test(arguments: [
        ("10.0.0.4", true), ("172.16.0.1", true), ("172.32.0.1", false), ("192.168.1.1", true), ("192.169.1.1", false),
        ("100.64.0.1", true), ("127.0.0.1", true), ("8.8.8.8", false), ("fd00::1", true), ("::1", true),
        ("fe80::1", true),
        ("2603:1030::1", false),
    ])
    func `tell private addresses from public ones`(_ text: String, _ isPrivate: Bool) throws {
        let address = try #require(try SocketAddress.resolve(text, port: "5432").first)
        #expect(address.text == text)
        #expect(address.isPrivate == isPrivate)
    }

    @Test(
        arguments: [
            (0.0, "ok -"), (90, "ok -"), (-90, "ok -"), (600, "fail N15"), (-600, "fail N15"),
        ] as [(Double, String)])
    func `compare the clock with the identity service's`(_ ahead: Double, _ expected: String) async throws {
        let http = ScriptedTransport(
            .success(.text("{}", headers: [("date", "Fri, 15 Jan 2027 08:00:00 GMT")])))
        let check = ClockCheck(
            http: http, authority: try Authority("login.example"), now: { sampleTime.addingTimeInterval(ahead) })
        let findings = await check.findings()
        #expect(findings.map { "\($0.outcome.rawValue) \($0.code ?? "-")" } == [expected])
        #expect(http.requests.map(\.url) == ["https://login.example/common/.well-known/openid-configuration"])
        #expect(http.requests.allSatisfy { $0.headers.isEmpty && $0.body == nil })
    }

    @Test func `pass over a clock that nobody tells`() async throws {
        let silent = ScriptedTransport(.failure(.unreachable("no network")), .success(.text("{}")))
        let check = ClockCheck(http: silent, authority: try Authority("login.example"), now: { sampleTime })
        #expect(await check.findings().map(\.outcome) == [.skip])
        #expect(await check.findings().map(\.outcome) == [.skip])
    }

    @Test(arguments: [("6432", "P11"), ("5432", "N18")])
    func `tell a pooler that lets a login wait from a server that is none`(_ port: String, _ code: String) async throws
    {
        let listener = FullListener(clients: 0)
        defer { listener.stop() }
        let address = try #require(SocketAddress.resolve("127.0.0.1", port: "\(listener.port)").first)
        let tls = TLSCheck(
            connection: try ConnectionInfo("host=db1 user=ada"), server: ServerAddress(name: "db1", port: port),
            address: address, environment: [:], now: sampleTime)
        let check = LoginCheck(
            tls: tls, user: "ada", database: "orders",
            token: AccessToken(secret: "s3cr3t", expiresAt: sampleTime.addingTimeInterval(3600)),
            circumstances: Circumstances(in: [:]), limit: 1)
        #expect(await check.findings().map(\.code) == [code])
    }

    @Test(arguments: [.done(version: "16.9"), .askedNothing, .wantsOther(10)] as [LoginExchange.Outcome])
    func `leave a role that only the token names out of a report for others`(_ answer: LoginExchange.Outcome) throws {
        let connection = try ConnectionInfo("host=db1").resolved(in: ["HOME": "/nonexistent"])
        let tls = TLSCheck(
            connection: connection, server: ServerAddress(name: "db1", port: "5432"),
            address: try #require(SocketAddress.resolve("127.0.0.1", port: "1").first), environment: [:],
            now: sampleTime)
        let check = LoginCheck(
            tls: tls, user: "Order Readers", database: "orders",
            token: AccessToken(secret: "s3cr3t", expiresAt: sampleTime), circumstances: Circumstances(in: [:]))
        let shown = Redaction(connection, in: [:]).applied(to: check.finding(for: .success(answer)))
        #expect(shown.text.contains("\"NAME\""))
        #expect(!(shown.text + (shown.remedy ?? "")).lowercased().contains("order"))
    }

    @Test func `say when nothing answers, in time`() async throws {
        let listener = FullListener()
        defer { listener.stop() }
        let addresses = try SocketAddress.resolve("127.0.0.1", port: "\(listener.port)")
        var check = ReachCheck(server: ServerAddress(name: "db1", port: "\(listener.port)"), addresses: addresses)
        check.limit = .milliseconds(200)
        let start = ContinuousClock.now
        let result = await check.findings()
        #expect(result.findings.map(\.code) == ["N01"])
        #expect(result.address == nil)
        // By itself the system gives up after two minutes.
        #expect(ContinuousClock.now - start < .seconds(100))
    }
}

/// A port that nobody serves; its queue is full, so that the system does not answer either, unless no clients fill it.
private final class FullListener {
    private var sockets: [Int32] = []
    let port: UInt16

    init(clients: Int = 4) {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                _ = bind(listener, $0, size)
                listen(listener, 0)
                getsockname(listener, $0, &size)
            }
        }
        port = UInt16(bigEndian: address.sin_port)
        sockets.append(listener)
        for _ in 0..<clients {
            let client = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue), 0)
            withUnsafePointer(to: &address) { pointer in
                _ = pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(client, $0, size) }
            }
            sockets.append(client)
        }
    }

    func stop() { for socket in sockets { close(socket) } }
}
