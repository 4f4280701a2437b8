import Foundation
import Testing
import TokenCredentials

@Suite struct `passgres explain --token` {
    private static func part(_ json: String) -> String {
        Data(json.utf8).base64URL
    }

    private static func token(_ claims: String) -> String {
        "\(part(#"{"alg":"RS256","typ":"JWT"}"#)).\(part(claims)).c2lnbmF0dXJlLXNpZ25hdHVyZQ"
    }

    private static let person = token(
        """
        {"aud":"https://ossrdbms-aad.database.windows.net","exp":4102444800,"oid":"7e57","tid":"7e58","idtyp":"user",\
        "upn":"ada@contoso.example","groups":["a","b"],"scp":"user_impersonation"}
        """)
    private static let identity = token(
        """
        {"aud":"https://ossrdbms-aad.database.windows.net/","exp":1700000000,"oid":"7e57","tid":"7e58","idtyp":"app",\
        "xms_mirid":"/subscriptions/s/resourcegroups/r/providers/Microsoft.ManagedIdentity/userAssignedIdentities/orders"}
        """)

    private func run(_ input: String, _ arguments: [String] = []) async throws -> Tool.Ending {
        try await Tool().run(["explain", "--token", "-"] + arguments, input: input)
    }

    @Test func `says whose it is, what for, until when, and which role it fits`() async throws {
        let ending = try await run(Self.person)
        #expect(ending.status == 0 && ending.errors == "", "\(ending.errors)")
        #expect(ending.lines[0].hasPrefix("token: good for ") && ending.lines[0].contains("2100-01-01T00:00:00Z"))
        #expect(ending.lines[1] == "for: https://ossrdbms-aad.database.windows.net")
        #expect(ending.lines[2] == "of: a person, in 2 groups, the role of each of which fits too")
        #expect(ending.lines[3] == "user: ada@contoso.example, because the token's claim upn names it")
        #expect(ending.lines.contains("  oid: 7e57"))
    }

    @Test func `says that it has ended, and of a managed identity its role`() async throws {
        let ending = try await run(Self.identity)
        #expect(ending.lines[0].hasPrefix("token: expired ") && ending.lines[0].contains(" ago"))
        #expect(ending.lines.contains("of: an application or a managed identity"))
        #expect(ending.lines.contains("user: orders, because the token's claim xms_mirid names it"))
        #expect(ending.lines.contains { $0.hasPrefix("FAIL  T01  ") })
    }

    @Test func `compares it with a connection`() async throws {
        let ending = try await run(
            Self.person, ["host=db1.postgres.database.chinacloudapi.cn user=Ada@contoso.example"])
        #expect(ending.lines.contains { $0.contains("  T03  ") }, "\(ending.output)")
        #expect(ending.lines.contains { $0.contains("  R03  ") }, "\(ending.output)")
    }

    @Test func `prints one JSON document`() async throws {
        let ending = try await run(Self.identity, ["--output", "json"])
        let document = try #require(ending.output.json)
        #expect(document["token"]?["audience"]?.text == "https://ossrdbms-aad.database.windows.net/")
        #expect(document["token"]?["claims"]?["oid"]?.text == "7e57")
        #expect(document["token"]?["expired"] == .bool(true))
        #expect(document["token"]?["expiresOn"]?.text == "2023-11-14T22:13:20Z")
        #expect(document["token"]?["user"]?.text == "orders")
        #expect(document["token"]?["owner"]?.text == "application")
        guard case .array(let checks)? = document["checks"] else { return #expect(Bool(false), "no checks") }
        #expect(checks.first?["code"]?.text == "T01")
    }

    @Test(arguments: ["text", "json"])
    func `never prints the token or a part of it`(_ format: String) async throws {
        let ending = try await run(Self.person, ["--output", format])
        for part in Self.person.split(separator: ".") {
            #expect(!(ending.output + ending.errors).contains(part.prefix(20)))
        }
    }

    @Test(arguments: [
        "\(person)\n", "  \(person)\r\n\r\n", "\"\(person)\"", "'\(person)'", "\u{feff}\(person)", "Bearer \(person)",
        "Authorization: Bearer \(person)", "PGPASSWORD='\(person)'", "db1:5432:*:ada:\(person)\n",
        #"{"accessToken":"\#(person)","expiresOn":"2100-01-01 00:00:00.000000"}"#,
        #"{"access_token":"\#(person)","token_type":"Bearer"}"#, #"{"version":1,"token":"\#(person)"}"#,
        #"{"kind":"ExecCredential","status":{"token":"\#(person)"}}"#,
        String(person.prefix(100)) + "\n  " + String(person.dropFirst(100)),
        String(person.prefix(40)) + "\r\n" + String(person.dropFirst(40)) + "\n",
    ])
    func `finds it in what stands round it`(_ input: String) async throws {
        let ending = try await run(input)
        #expect(ending.status == 0, "\(ending.errors)")
        #expect(ending.lines.contains { $0.hasPrefix("user: ada@contoso.example,") })
    }

    @Test(arguments: [
        ("", "it is empty"), (" \n", "it is empty"), ("hunter2", "it holds no JSON Web Token"),
        (String(person.prefix(60)), "of a token's 3 parts"), ("eyJh.eyJ!.c2ln", "of a token's 3 parts"),
        ("eyJh.eyJi.c2ln", "its middle part is damaged"), ("eyJh.b.c.d.e", "it is encrypted"),
        (#"{"accessToken":17}"#, "it holds no JSON Web Token"),
        (String(repeating: "x", count: 2_000_000), "longer than"),
    ])
    func `refuses what is none with status 64, and quotes nothing of it`(_ input: String, _ words: String) async throws
    {
        let ending = try await run(input)
        #expect(ending.status == 64 && ending.output == "")
        #expect(ending.errors.contains(words), "\(ending.errors)")
        #expect(!ending.errors.contains("eyJh") && !ending.errors.contains("hunter2") && !ending.errors.contains("xxx"))
    }

    @Test(arguments: [
        #"{"exp":1e300}"#, #"{"exp":-1e300}"#, #"{"exp":"soon","nbf":1e18}"#, #"{"aud":[],"groups":{}}"#, "{}",
        #"{"aud":17,"exp":null,"upn":""}"#,
    ])
    func `takes any claims`(_ claims: String) async throws {
        let ending = try await run(Self.token(claims))
        #expect(ending.status == 0, "\(ending.errors)")
        #expect(ending.lines[0].hasPrefix("token: does not say when it ends"))
    }

    @Test func `shows claims without what a terminal takes for a command`() async throws {
        let token = Self.token(
            #"{"aud":"x\u001b[2J","upn":"ada\u001b]0;\u0007\u202e\nroot","n\n\u009b":["\u200f\u2066","\u007f"],"oid":"\u2028"}"#
        )
        for format in ["text", "json"] {
            var tool = Tool()
            tool.environment["LC_ALL"] = format == "text" ? "C" : "C.UTF-8"
            let ending = try await tool.run(["explain", "--token", "-", "--output", format], input: token)
            #expect(ending.status == 0, "\(ending.errors)")
            let printed = ending.output + ending.errors
            #expect(printed.unicodeScalars.allSatisfy { $0 == "\n" || $0.isPrintable }, "\(printed.debugDescription)")
            #expect(!ending.lines.contains { $0.hasPrefix("root") }, "a forged line")
            if format == "json" {
                #expect(ending.output.json?["token"]?["user"]?.text == "ada\u{1b}]0;\u{7}\u{202e}\nroot")
            }
        }
    }

    @Test func `reads an ordinary file, and nothing else`() async throws {
        let scratch = Scratch()
        let file = try scratch.write(Self.person, to: "token")
        #expect(try await Tool()("explain", "--token", file).status == 0)
        let missing = try await Tool()("explain", "--token", scratch.path + "/no\u{1b}ne")
        #expect(missing.status == 74 && missing.errors.contains("/no\\u001bne"), "\(missing.errors)")
        let pipe = scratch.path + "/pipe"
        #expect(mkfifo(pipe, 0o600) == 0)
        let refused = try await Tool()("explain", "--token", pipe)
        #expect(refused.status == 74 && refused.errors.contains("not a regular file"), "\(refused.errors)")
    }
}
