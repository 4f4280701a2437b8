import Foundation
import Glibc
import LocalEntra
import Testing
import TokenCredentials

@Suite struct `The end of a command's time` {
    /// A machine whose authority takes connections and says nothing.
    static func withSilentAuthority(_ body: (Tool) async throws -> Void) async throws {
        let port = try SilentPort()
        try await body(
            Tool([
                "AZURE_AUTHORITY_HOST": "https://127.0.0.1:\(port.number)", "AZURE_TENANT_ID": Cloud.tenant,
                "AZURE_CLIENT_ID": Cloud.application, "AZURE_CLIENT_SECRET": "hush-hush",
            ]))
    }

    /// A credential program that never answers.
    static func withHangingProgram(_ body: (Tool, String) async throws -> Void) async throws {
        let scratch = Scratch()
        let program = try scratch.write("#!/bin/sh\nexec sleep 600\n", to: "passgres-credential-slow")
        chmod(program, 0o700)
        var tool = Tool(["PASSGRES_CREDENTIALS": "slow", "HOME": scratch.path, "XDG_RUNTIME_DIR": scratch.path])
        tool.environment["PATH"] = scratch.path + ":" + (tool.environment["PATH"] ?? "")
        try await body(tool, program)
    }

    static let connection = "host=127.0.0.1 user=u sslmode=disable"
    static let commands: [[String]] = [
        ["token"], ["conninfo", connection], ["pgpass", "--stdout", connection], ["exec", connection, "--", "true"],
        ["psql", connection], ["keep", "--once", connection],
        ["role", "list", "--apply", connection],
    ]

    static func with(timeout: String, _ command: [String]) -> [String] {
        var line = command
        line.insert(contentsOf: ["--timeout", timeout], at: line.firstIndex(of: "--") ?? line.endIndex)
        return line
    }

    @Test(arguments: commands)
    func `names a silent authority, the credential and the last error`(command: [String]) async throws {
        try await Self.withSilentAuthority { tool in
            let ending = try await tool.run(Self.with(timeout: "3", command))
            #expect(ending.status == 75, "\(ending.errors)")
            #expect(ending.seconds < 25)
            #expect(ending.errors.contains("environment"), "\(ending.errors)")
            #expect(ending.errors.contains("127.0.0.1 "), "\(ending.errors)")
            #expect(ending.errors.contains("in time"), "the last error: \(ending.errors)")
            #expect(ending.errors.contains("--timeout"), "\(ending.errors)")
            #expect(!ending.errors.contains("hush"))
        }
    }

    @Test(arguments: commands)
    func `names a program that hangs, and ends it`(command: [String]) async throws {
        try await Self.withHangingProgram { tool, program in
            let ending = try await tool.run(Self.with(timeout: "2", command))
            #expect(ending.status == 75, "\(ending.errors)")
            #expect(ending.seconds < 25)
            #expect(ending.errors.contains(program) && ending.errors.contains("slow"), "\(ending.errors)")
            #expect(ending.errors.contains("--timeout"), "\(ending.errors)")
        }
    }

    @Test func `names IMDS alone at a closed port, and why it was not reached`() async throws {
        let tool = Tool(["PASSGRES_CREDENTIALS": "managed-identity"])
        let ending = try await tool("token", "--timeout", "3")
        #expect(ending.seconds < 25)
        #expect(ending.errors.contains("http://127.0.0.1:1"), "\(ending.errors)")
        #expect(ending.errors.contains("refused") || ending.errors.contains("connect"), "\(ending.errors)")
        #expect(!ending.errors.contains("nothing was done"))
    }

    @Test(arguments: ["text", "json"])
    func `leaves explain the lines it has`(format: String) async throws {
        try await Self.withHangingProgram { tool, program in
            var tool = tool
            tool.environment["PASSGRES_CREDENTIALS"] = "environment,slow,azure-cli"
            let ending = try await tool("explain", "--timeout", "2", "--output", format)
            #expect(ending.status == 75, "\(ending.errors)")
            if format == "json" {
                guard case .array(let attempts)? = ending.output.json?["attempts"] else {
                    return #expect(Bool(false), "\(ending.output)")
                }
                #expect(attempts.map { $0["name"]?.text } == ["environment", "slow", "azure-cli"])
                #expect(attempts.map { $0["outcome"]?.text } == ["unavailable", "failed", "not-asked"])
                #expect(attempts[1]["problem"]?.text?.contains(program) == true)
            } else {
                #expect(ending.lines.count == 3 && ending.lines[0].contains("unavailable"), "\(ending.output)")
                #expect(ending.lines[1].contains("failed") && ending.lines[1].contains(program), "\(ending.output)")
            }
        }
    }

    @Test func `is no slow Azure CLI to doctor where az was not asked`() async throws {
        try await Self.withHangingProgram { tool, program in
            let ending = try await tool("doctor", "--timeout", "3", "host=127.0.0.1 port=1 user=u")
            #expect(!ending.output.contains("C03"), "\(ending.output)")
            #expect(ending.output.contains(program), "\(ending.output)")
        }
    }

    @Test func `makes nobody somebody else`() async throws {
        // What was cut short has not said that it does not apply.
        let silent = try SilentPort()
        var tool = Tool([
            "AZURE_POD_IDENTITY_AUTHORITY_HOST": "http://127.0.0.1:\(silent.number)",
            "PASSGRES_CREDENTIALS": "managed-identity,other",
        ])
        let scratch = Scratch()
        let program = try scratch.write(
            #"""
            #!/bin/sh
            echo "{\"version\":1,\"token\":\"t0k3n\",\"expiresOn\":$(($(date +%s) + 900))}"

            """#, to: "passgres-credential-other")
        chmod(program, 0o700)
        tool.environment["PATH"] = scratch.path + ":" + (tool.environment["PATH"] ?? "")
        let patient = try await tool("token")
        #expect(patient.output == "t0k3n\n", "\(patient.errors)")
        let hasty = try await tool("token", "--timeout", "0.6")
        #expect(hasty.status == 75 && hasty.output == "", "\(hasty.errors)")
    }

    @Test func `does not come for a keeper, whose log names the first wait`() async throws {
        try await Self.withHangingProgram { tool, _ in
            let keeper = try tool.start(["keep", "host=127.0.0.1 user=u", "--passfile", "/nonexistent/x"])
            let text = await keeper.errors(upTo: "waiting for slow")
            keeper.send(SIGTERM)
            _ = await keeper.ending()
            #expect(text.contains("passgres: waiting for slow"))
        }
    }

    /// Variables that name a file, and a command that reads it.
    static let files: [(String, [String])] = [
        ("SSL_CERT_FILE", ["token", "--credentials", "environment"]),
        ("SSL_CERT_FILE", ["conninfo", "--credentials", "environment", "host=db.example user=u"]),
        ("SSL_CERT_FILE", ["doctor", "--credentials", "environment", "host=127.0.0.1 port=1 user=u"]),
        ("AZURE_FEDERATED_TOKEN_FILE", ["token", "--credentials", "workload-identity"]),
        ("AZURE_CLIENT_CERTIFICATE_PATH", ["token", "--credentials", "environment"]),
        ("PGSERVICEFILE", ["conninfo", "service=s"]), ("PGPASSFILE", ["pgpass", "host=h user=u"]),
        ("PGSSLROOTCERT", ["conninfo", "--password", "none", "host=h user=u"]),
        ("OPENSSL_CONF", ["token", "--credentials", "environment"]),
    ]

    @Test(arguments: files, ["fifo", "/dev/zero"])
    func `comes, or the file is refused, where an ordinary file is meant and something else is there`(
        use: (variable: String, line: [String]), kind: String
    ) async throws {
        let scratch = Scratch()
        let pipe = scratch.path + "/pipe"
        #expect(mkfifo(pipe, 0o600) == 0)
        var tool = Tool(["AZURE_TENANT_ID": Cloud.tenant, "AZURE_CLIENT_ID": Cloud.application, "HOME": scratch.path])
        if use.variable != "AZURE_CLIENT_CERTIFICATE_PATH", use.variable != "AZURE_FEDERATED_TOKEN_FILE" {
            tool.environment["AZURE_CLIENT_SECRET"] = "hush-hush"
        }
        tool.environment[use.variable] = kind == "fifo" ? pipe : kind
        let ending = try await tool.run(use.line + ["--timeout", "5"])
        #expect(ending.seconds < 25, "\(ending.errors)")
        if use.variable == "SSL_CERT_FILE", use.line[0] != "doctor" {
            #expect(ending.status != 0 && ending.errors.contains("SSL_CERT_FILE"), "\(ending.errors)")
            #expect(ending.errors.contains("not a regular file"), "\(ending.errors)")
        }
    }
}
