import CredentialTesting
import Foundation
import PasswordKeeping
import PostgresCredentials
import Testing
import TokenCredentials

@Suite struct `A keeper's configuration` {
    func read(_ text: String) throws -> KeeperConfiguration {
        try KeeperConfiguration(file: "/c", files: MemoryFiles(["/c": text]))
    }

    @Test func `names connections, places and times`() throws {
        let configuration = try read(
            """
            {"connections": ["host=a user=u"], "passwordFiles": ["/p", "/q"], "credentialDirectory": "/d",
             "pgbouncer": {"authFile": "/a", "pidFile": "/pid", "version": "1.16"}, "clientId": "id",
             "health": "127.0.0.1:9911", "renewal": {"aheadSeconds": 60, "retrySeconds": 5, "checkSeconds": 7}}
            """)
        let group = try #require(configuration.groups.first)
        #expect(configuration.groups.count == 1)
        #expect(group.connections == ["host=a user=u"] && group.passwordFiles == ["/p", "/q"])
        #expect(group.authFile == "/a" && group.pidFile == "/pid" && group.credentialDirectory == "/d")
        #expect(group.pgBouncerVersion == PgBouncerVersion(1, 16) && group.clientID == "id")
        #expect(configuration.health == .tcp(host: "127.0.0.1", port: 9911))
        #expect(configuration.policy.renewal.ahead == .seconds(60))
        #expect(configuration.policy.renewal.pause == .seconds(5) && configuration.policy.check == .seconds(7))
    }

    @Test func `has groups, which inherit the identity and nothing else`() throws {
        let configuration = try read(
            """
            {"groups": ["orders", "reports"], "tenant": "t", "identity": "object:i", "server": "single", "passwordFiles": ["/top"],
             "orders": {"connections": ["host=a"], "clientId": "o"}, "reports": {"connections": ["host=b"], "tenant": "r",
             "identity": "i"}}
            """)
        #expect(configuration.groups.map(\.connections) == [["host=a"], ["host=b"]])
        #expect(configuration.groups.map(\.tenant) == ["t", "r"])
        #expect(configuration.groups.map(\.clientID) == ["o", nil])
        #expect(configuration.groups.map(\.identity) == ["object:i", "i"])
        #expect(configuration.groups.allSatisfy { $0.hasNoDestination && $0.server == .single })
    }

    @Test(arguments: [
        ("{}", "connections is missing"), ("[]", "is no JSON object"), ("", "is no JSON object"),
        (#"{"connections": "host=a"}"#, "connections is not a list of texts"),
        (#"{"connections": ["host=a"], "passwordFles": ["/p"]}"#, "passwordFles; perhaps passwordFiles is meant"),
        (#"{"connections": ["host=a"], "renewal": {"retrySeconds": 0}}"#, "is not from 1 to 86400"),
        (#"{"connections": ["host=a"], "renewal": {"retrySeconds": "5"}}"#, "is not a whole number"),
        (#"{"connections": ["host=a"], "health": "9911"}"#, "health is no address"),
        (#"{"connections": ["host=a"], "pgbouncer": {"pidFile": "/pid"}}"#, "pgbouncer.authFile is missing"),
        (#"{"connections": ["host=a"], "pgbouncer": {"authFile": "/a", "version": "new"}}"#, "is no version"),
        (#"{"connections": ["host=a"], "server": "new"}"#, "server is neither flexible nor single"),
        (#"{"groups": ["g"], "g": {}}"#, "g.connections is missing"),
        (#"{"groups": ["g"], "g": {"connections": ["host=a"], "health": "127.0.0.1:1"}}"#, "nobody reads, at g.health"),
    ])
    func `says which key is wrong`(text: String, problem: String) {
        let error = #expect(throws: KeeperConfigurationError.self) { try read(text) }
        #expect(error?.description.contains(problem) == true, "\(error?.description ?? "none")")
    }

    @Test func `that is not there is a file error`() {
        #expect(throws: FileError.self) { try KeeperConfiguration(file: "/none", files: MemoryFiles()) }
    }

    @Test(arguments: ["9911", "host:1", "127.0.0.1:x", "127.0.0.1:70000", "::1:9911", ""])
    func `takes no address but one with a port`(text: String) {
        switch HealthAddress(text) {
        case nil: break
        case .tcp("host", 1): break
        case let address: Issue.record("\(text) is \(String(describing: address))")
        }
    }
}
