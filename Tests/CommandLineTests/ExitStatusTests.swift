import Foundation
import LocalEntra
import Testing
import TokenCredentials

@Suite struct `Exit statuses` {
    @Test func `of a machine that offers nothing: 69, with a line for each credential`() async throws {
        let silent = try SilentPort()
        let tool = Tool([
            "AZURE_POD_IDENTITY_AUTHORITY_HOST": "http://127.0.0.1:\(silent.number)", "PATH": "/nonexistent",
        ])
        let ending = try await tool("token")
        #expect(ending.status == 69)
        #expect(ending.output == "")
        let names = [
            "environment", "workload-identity", "managed-identity", "azure-cli", "azure-developer-cli",
            "azure-powershell",
        ]
        for name in names {
            let lines = ending.errors.split(separator: "\n").filter { $0.hasPrefix("  \(name) ") }
            #expect(lines.count == 1, "\(name)")
            #expect(lines.allSatisfy { $0.contains("unavailable") && $0.contains("  -> ") }, "\(name): what to do")
        }
    }

    static let wrongLines: [(String, Int32)] = [
        ("token --bogus", 64), ("token 'host=a bogus'", 64), ("bogus", 64), ("exec", 64), ("token --cloud mars", 64),
        ("token --timeout 0", 64), ("token --scope 'a b'", 64), ("conninfo --format service --password inline", 64),
        ("token --credentials nonsense", 78), ("token --credentials ''", 78),
        ("psql 'host=db.example sslmode=prefer'", 78), ("conninfo 'host=a user=u port=abc'", 64),
        ("conninfo service=nowhere", 78), ("--version", 0),
        ("--help", 0), ("help exec", 0),
    ]

    @Test(arguments: wrongLines)
    func `of command lines and configurations`(line: String, status: Int32) async throws {
        let tool = Tool()
        let ending = try await Tool.Running("/bin/sh", ["-c", "exec \(Tool.path) \(line)"], tool.environment).ending()
        #expect(ending.status == status, "\(ending.errors)")
        if status != 0 { #expect(ending.output == "" && !ending.errors.isEmpty) }
    }

    static let halfSet: [([String: String], Int32, String)] = [
        (["AZURE_CLIENT_SECRET": "hush-hush"], 78, "AZURE_TENANT_ID"),
        (["AZURE_CLIENT_SECRET": "hush-hush", "AZURE_TENANT_ID": "contoso.example"], 78, "AZURE_CLIENT_ID"),
        (["AZURE_FEDERATED_TOKEN_FILE": "/nonexistent"], 78, "AZURE_"),
        (["AZURE_TOKEN_CREDENTIALS": "sometimes"], 78, "AZURE_TOKEN_CREDENTIALS"),
        (["AZURE_AUTHORITY_HOST": "http://user:hush-hush@x", "AZURE_CLIENT_SECRET": "hush-hush"], 78, "authority"),
        (["PASSGRES_LOG_LEVEL": "loud"], 78, "PASSGRES_LOG_LEVEL"),
    ]

    @Test(arguments: halfSet)
    func `of half-set environments name the variable, and no secret`(
        variables: [String: String], status: Int32, name: String
    ) async throws {
        let ending = try await Tool(variables)("token")
        #expect(ending.status == status, "\(ending.errors)")
        #expect(ending.errors.contains(name))
        #expect(!ending.errors.contains("hush-hush"))
    }

    @Test func `of a secret that Entra refuses: 77, without the secret`() async throws {
        try await Cloud.with { cloud in
            var tool = cloud.toolWithSecret
            tool.environment["AZURE_CLIENT_SECRET"] = "wrong-but-secret"
            let ending = try await tool("token")
            #expect(ending.status == 77)
            #expect(ending.errors.contains("AADSTS7000215") || ending.errors.contains("7000215"))
            #expect(!ending.errors.contains("wrong-but-secret"))
        }
    }

    @Test func `of an identity service that is throttled: 75, and when to come back`() async throws {
        try await Cloud.with { cloud in
            cloud.local.inject(.throttled(retryAfter: 120), at: .token, times: 9)
            let ending = try await cloud.toolWithSecret("token")
            #expect(ending.status == 75)
        }
    }

    @Test func `of a command that takes too long: 75`() async throws {
        try await Cloud.with { cloud in
            cloud.local.inject(.silence, at: .token, times: 9)
            let ending = try await cloud.toolWithSecret("token", "--timeout", "0.5")
            #expect(ending.status == 75)
            #expect(ending.errors.contains("--timeout"))
            #expect(ending.seconds < 20)
        }
    }

    @Test func `of several connections that together take too long: 75`() async throws {
        try await Cloud.with { cloud in
            cloud.local.inject(.delay(.seconds(2)), at: .token, times: 99)
            let ending = try await cloud.toolWithSecret.run(
                ["pgpass", "--stdout", "--timeout", "3"] + (0..<60).map { "host=h\($0) user=u dbname=d" })
            #expect(ending.status == 75)
            #expect(ending.seconds < 100)
        }
    }

    @Test(arguments: [
        ("page", Fault.page), ("nothing", .reply(status: 200)), ("redirect", .redirect(to: "http://127.0.0.1:1/x")),
        ("oversized", .oversized(bytes: 200 << 20)), ("stale", .staleExpiry),
    ])
    func `of a machine endpoint that answers nonsense: one sentence`(name: String, fault: Fault) async throws {
        try await Cloud.with { cloud in
            // The question whether it is there is answered properly, the request for a token is not.
            cloud.local.inject(.reply(status: 400), at: .imds)
            cloud.local.inject(fault, at: .imds, times: 50)
            let ending = try await cloud.tool(
                "token", "--credentials", "environment,managed-identity", "--timeout", "90")
            #expect([69, 75, 77].contains(ending.status))
            let lines = ending.errors.split(separator: "\n").filter { $0.contains("managed-identity") }
            #expect(!lines.isEmpty && lines.allSatisfy { $0.utf8.count < 600 })
            #expect(!ending.errors.contains("Welcome") && !ending.errors.contains("eyJ"))
            #expect(ending.seconds < 60)
        }
    }
}

/// A port that takes connections and never answers.
final class SilentPort: Sendable {
    let number: UInt16
    private let socket: Int32

    init() throws {
        socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let code = withUnsafeMutablePointer(to: &address) { [socket] pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(socket, $0, length) == 0 && listen(socket, 16) == 0 && getsockname(socket, $0, &length) == 0
            }
        }
        try #require(code)
        number = UInt16(bigEndian: address.sin_port)
    }

    deinit { close(socket) }
}
