import Testing

@testable import PostgresCredentials

@Suite struct `A URI with a raw @ or / in its user or password` {
    /// URIs, the part that holds the character, its place, and what libpq reads once it is encoded.
    static let misread: [(uri: String, keyword: String, offset: Int, user: String, host: String)] = [
        ("postgresql://user@tenant.com:pw@host/db", "user", 17, "user@tenant.com", "host"),
        ("postgresql://user@tenant.com@host/db", "user", 17, "user@tenant.com", "host"),
        ("postgresql://user@tenant.com@host", "user", 17, "user@tenant.com", "host"),
        ("postgresql://user@tenant.com@host:5432/db?sslmode=require", "user", 17, "user@tenant.com", "host"),
        ("postgresql://ünï@tenant.com@host/db", "user", 18, "ünï@tenant.com", "host"),
        ("postgres://user@tenant:p%40w@host/db", "user", 15, "user@tenant", "host"),
        ("postgresql://u:p@ss@host/db", "password", 16, "u", "host"),
        ("postgresql://u:@ss@host/db", "password", 15, "u", "host"),
        ("postgresql://u:p@ss,word@host/db", "password", 16, "u", "host"),
        ("postgresql://u:p@ss:word@host:1/db", "password", 16, "u", "host"),
    ]

    @Test(arguments: misread)
    func `is told that, and where, before its parts are taken for a server`(
        _ uri: String, _ keyword: String, _ offset: Int, _ user: String, _ host: String
    ) throws {
        let judged = try #require(Judge.parse(uri))
        #expect((judged["host"] ?? []).dropFirst().contains(0x40) || judged["port"]?.contains(0x40) == true)
        let info = try ConnectionInfo(uri)
        #expect(info.bytes == judged)
        let error = ConnectionInfoError(.rawAt, offset: offset, keyword: keyword)
        #expect(throws: error) { try info.servers() }
        #expect(throws: error) { try KeptLogin(info) }
        #expect("\(error)".contains("at byte \(offset) (\(keyword)): libpq takes the first @"))
        #expect("\(error)".contains("written %40"))
        #expect(info.logins.isEmpty)

        let encoded = Self.encoding(uri, at: offset, as: "%40")
        let reading = try #require(Judge.parse(encoded))
        #expect(reading["user"] == Array(user.utf8))
        #expect(reading["host"] == Array(host.utf8))
        #expect(try ConnectionInfo(encoded).servers().map(\.name) == [host])
    }

    @Test func `with three of them is told of one after the other`() throws {
        let uri = "postgresql://user@tenant@server:pw@host/db"
        #expect(throws: ConnectionInfoError(.rawAt, offset: 17, keyword: "user")) { try ConnectionInfo(uri).servers() }
        let once = Self.encoding(uri, at: 17, as: "%40")
        #expect(throws: ConnectionInfoError(.rawAt, offset: 26, keyword: "user")) { try ConnectionInfo(once).servers() }
        let twice = Self.encoding(once, at: 26, as: "%40")
        #expect(Judge.parse(twice)?["user"] == Array("user@tenant@server".utf8))
        #expect(try ConnectionInfo(twice).servers() == [ServerAddress(name: "host")])
    }

    @Test(arguments: ConnectionSamples.uris)
    func `is every one whose @ libpq takes for a part of a host or port, and no other`(_ uri: String) throws {
        // What is encoded, or said as a parameter, was meant.
        guard !uri.contains("%"), !uri.contains("?"), let judged = Judge.parse(uri) else { return }
        let hosts = (judged["host"] ?? []).split(separator: 0x2C)
        let isMisread = hosts.contains { $0.dropFirst().contains(0x40) } || judged["port"]?.contains(0x40) == true
        #expect((try ConnectionInfo(uri).rawAt != nil) == isMisread)
    }

    @Test(arguments: [
        "postgresql://u@@abstract/d", "postgresql://u@a,@b/d", "postgresql://u@h/a@b", "postgresql://h/?user=a@b",
        "postgresql://user@t.com@host/db?host=h&port=1", "host=h user=a@b@c",
    ])
    func `is not one that has its @ where libpq looks for it`(_ text: String) throws {
        #expect(try ConnectionInfo(text).rawAt == nil)
    }

    @Test func `is forgotten where another host is said`() throws {
        var info = try ConnectionInfo("postgresql://user@tenant.com@host/db")
        info.host = "h"
        #expect(try info.servers() == [ServerAddress(name: "h")])
    }

    @Test func `is forgotten with the value that holds it, and not with the other`() throws {
        let uri = "postgresql://u:p@x@h:5432/db?host=real"
        let judged = try #require(Judge.parse(uri))
        #expect(judged["host"] == Array("real".utf8) && judged["port"] == Array("5432".utf8))
        #expect(try ConnectionInfo(uri).servers() == [ServerAddress(name: "real", port: "5432")])
        let port = "postgresql://u:p@x:w@h/db"
        #expect(throws: ConnectionInfoError(.rawAt, offset: 16, keyword: "password")) {
            try ConnectionInfo(port + "?host=real").servers()
        }
        #expect(try ConnectionInfo(port + "?port=1").servers() == [ServerAddress(name: "x", port: "1")])
    }

    @Test func `has a / that made the user a host and the password a port`() throws {
        let uri = "postgresql://u:se/cret@h/d"
        #expect(Judge.parse(uri)?["port"] == Array("se".utf8))
        let error = ConnectionInfoError(.rawSlash, offset: 17, keyword: "password")
        #expect(throws: error) { try KeptLogin(ConnectionInfo(uri)) }
        #expect("\(error)".contains("written %2F"))
        let reading = try #require(Judge.parse(Self.encoding(uri, at: 17, as: "%2F")))
        #expect(reading["password"] == Array("se/cret".utf8))
        #expect(reading["host"] == Array("h".utf8))
    }

    @Test func `may also have a database of such a name, and only warns`() throws {
        let odd = try ConnectionInfo("postgresql://h:5432/app@prod").warnings()
        #expect(odd.contains { $0.contains("the / at byte 19") && $0.contains("%2F") })
        for text in ["postgresql://u@h:5432/app@prod", "postgresql://h:5432/app%40prod", "host=h dbname=app@prod"] {
            #expect(try ConnectionInfo(text).warnings().allSatisfy { !$0.contains("%2F") })
        }
    }

    private static func encoding(_ uri: String, at offset: Int, as code: String) -> String {
        let bytes = Array(uri.utf8)
        return String(decoding: bytes[..<offset] + Array(code.utf8) + bytes[(offset + 1)...], as: UTF8.self)
    }
}
