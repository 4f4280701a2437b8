import Foundation
import PostgresCredentials
import SpawnedPrograms
import Testing
import TokenCredentials

@Suite struct `A credential program, for the tool,` {
    /// Writes a program and returns the tool that finds it.
    func tool(_ cloud: Cloud, _ body: String, name: String = "vault") throws -> Tool {
        let path = try cloud.scratch.write("#!/bin/sh\n\(body)\n", to: "passgres-credential-\(name)")
        try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: path)
        var tool = cloud.tool
        tool.environment["PATH"] = cloud.scratch.path + ":/usr/bin:/bin"
        tool.environment["PASSGRES_CREDENTIALS"] = "vault,managed-identity"
        return tool
    }

    static let answer = #"printf '{"version":1,"token":"s3cr3t-t0k3n","expiresOn":%s}' $(($(date +%s) + 900))"#

    @Test func `stands side by side with what is built in`() async throws {
        try await Cloud.with { cloud in
            let tool = try tool(
                cloud, #"echo '{"version":1,"problem":"no Vault here","remedy":"Set VAULT_ADDR."}'; exit 69"#)
            let ending = try await tool("explain")
            #expect(ending.status == 0, "\(ending.errors)")
            #expect(ending.lines[0].hasPrefix("vault             unavailable"))
            #expect(ending.lines[0].hasSuffix("no Vault here  -> Set VAULT_ADDR."))
            #expect(ending.lines[1].hasPrefix("managed-identity  token"))
        }
    }

    @Test(arguments: [(SIGINT, 130), (SIGTERM, 143), (SIGHUP, 129)] as [(Int32, Int32)])
    func `ends with the tool, however deep it is in something`(_ signal: Int32, _ status: Int32) async throws {
        try await Cloud.with { cloud in
            // Whoever holds the pipe open lives: at its end all are gone.
            let pipe = cloud.scratch.path + "/alive"
            #expect(mkfifo(pipe, 0o600) == 0)
            let tool = try tool(cloud, "exec 9>'\(pipe)'; sleep 1000 & echo ready >&9; wait")
            let run = try tool.start(["token"])
            let signs = PrintedText(from: pipe)
            #expect(await signs.text(upTo: "ready\n") == "ready\n")
            run.send(signal)
            let ending = await run.ending()
            #expect(ending.status == status && ending.output.isEmpty)
            #expect(await signs.text() == "ready\n", "the pipe is at its end")
        }
    }

    @Test func `has its standard error shown without what a terminal takes for a command`() async throws {
        try await Cloud.with { cloud in
            // A character in two pieces is one; a byte that begins none is shown as what it is not.
            let said = #"printf 'a\tb \033[2J\007\342\200\256 caf\303' >&2; printf '\251\r\n\377\n' >&2; "#
            let ending = try await tool(cloud, said + Self.answer)("token")
            #expect(ending.output == "s3cr3t-t0k3n\n")
            #expect(ending.errors == "a\tb \\u001b[2J\\u0007\\u202e café\\u000d\n\u{FFFD}\n")
        }
    }

    @Test(arguments: [("explain", "69"), ("explain", "1"), ("token", "69"), ("token", "1"), ("doctor", "1")])
    func `says nothing of its trouble that a terminal takes for a command, and no secret`(
        _ command: String, _ status: String
    ) async throws {
        try await Cloud.with { cloud in
            let token = "eyJhbGciOiJSUzI1NiJ9.eyJhdWQiOiJkYiJ9.c2lnbmF0dXJlLXNpZ25hdHVyZQ"
            let said = #"red \\u001b[31m \\u202e \\u009b1A \\n passgres: forged \\u2028 \\u0007 \#(token)"#
            var tool = try tool(
                cloud,
                #"printf '%s' '{"version":1,"problem":"\#(said)","remedy":"\#(said)"}'; exit \#(status)"#
                    .replacingOccurrences(of: #"\\u"#, with: #"\u"#).replacingOccurrences(of: #"\\n"#, with: #"\n"#))
            tool.environment["PASSGRES_CREDENTIALS"] = "vault"
            for locale in ["C", "C.UTF-8"] {
                tool.environment["LC_ALL"] = locale
                for format in command == "token" ? [[]] : [[], ["--output", "json"]] {
                    let ending = try await tool.run([command] + format)
                    let printed = ending.output + ending.errors
                    #expect(printed.contains("u001b[31m"), "\(printed)")
                    #expect(printed.contains("<masked>") && !printed.contains("eyJ"), "\(printed)")
                    #expect(
                        printed.unicodeScalars.allSatisfy { $0 == "\n" || $0.isPrintable },
                        "\(printed.debugDescription)")
                    #expect(!printed.split(separator: "\n").contains { $0.hasPrefix(" passgres: forged") })
                }
            }
        }
    }

    @Test func `gives the token, and what it says is seen`() async throws {
        try await Cloud.with { cloud in
            let tool = try tool(cloud, "echo 'asking the vault' >&2; \(Self.answer)")
            let token = try await tool("token")
            #expect(token.status == 0 && token.output == "s3cr3t-t0k3n\n" && token.errors == "asking the vault\n")
            let explained = try await tool("explain")
            #expect(explained.lines[0].hasPrefix("vault             token"))
            #expect(explained.lines[1].hasPrefix("managed-identity  not-asked"))
            #expect(!explained.output.contains("s3cr3t") && !explained.errors.contains("s3cr3t"))
            let alone = try await tool("token", "--credentials", "command")
            #expect(alone.status == 69 && alone.errors.contains("PASSGRES_CREDENTIAL_COMMAND is not set"))
        }
    }

    @Test func `is listed, and never asked unless it is named`() async throws {
        try await Cloud.with { cloud in
            var tool = try tool(cloud, "touch \(cloud.scratch.path)/asked; \(Self.answer)")
            tool.environment["PASSGRES_CREDENTIALS"] = nil
            let list = try await tool("credentials", "--output", "json")
            guard case .array(let rows)? = list.output.json?["credentials"] else {
                return #expect(Bool(false), "no list")
            }
            let names = rows.compactMap { $0["name"]?.text }
            #expect(names.last == "vault")
            for name in ["command", "azure-pipelines", "github-actions", "device-code", "interactive-browser"] {
                #expect(names.firstIndex(of: name) ?? 0 > names.firstIndex(of: "azure-powershell") ?? .max, "\(name)")
            }
            #expect(rows.last?["by"]?.text == cloud.scratch.path + "/passgres-credential-vault")
            #expect(
                try await tool("explain").lines.allSatisfy { !$0.hasPrefix("vault") && !$0.hasPrefix("device-code") })
            #expect(!cloud.scratch.names.contains("asked"))
        }
    }

    @Test func `that may not be run says why, and one that is not there is a wrong name`() async throws {
        try await Cloud.with { cloud in
            let tool = try tool(cloud, Self.answer)
            try FileManager.default.setAttributes(
                [.posixPermissions: 0o600], ofItemAtPath: cloud.scratch.path + "/passgres-credential-vault")
            let ending = try await tool("token")
            #expect(ending.status == 78 && ending.errors.contains("passgres-credential-vault is not executable"))
            let missing = try await tool("token", "--credentials", "managed-identiti")
            #expect(missing.status == 78 && missing.errors.contains("Did you mean managed-identity?"))
        }
    }

    @Test func `leaves nothing behind that holds the streams of the tool open`() async throws {
        try await Cloud.with { cloud in
            let file = cloud.scratch.path + "/daemon"
            let tool = try tool(
                cloud, "setsid sleep 1000 & echo $! > '\(file)'; echo 'asking the vault' >&2; \(Self.answer)")
            let token = try await tool("token")
            if let text = try? String(contentsOfFile: file, encoding: .utf8),
                let daemon = Int32(text.trimmingCharacters(in: .whitespacesAndNewlines))
            {
                #expect(kill(daemon, SIGKILL) == 0, "it was to live until now")
            }
            #expect(token.status == 0 && token.output == "s3cr3t-t0k3n\n" && token.errors == "asking the vault\n")
            #expect(token.seconds < 60)
        }
    }

    @Test(arguments: ["vault", "azure-cli", "azure-developer-cli", "azure-powershell"])
    func `and every other program is ended with the tool, whatever it ignores`(_ name: String) async throws {
        try await Cloud.with { cloud in
            let pipe = cloud.scratch.path + "/alive"
            #expect(mkfifo(pipe, 0o600) == 0)
            var tool = try tool(
                cloud, "trap '' TERM; exec 9>'\(pipe)'; echo ready >&9; while :; do sleep 1000; done")
            for program in ["az", "azd", "pwsh"] {
                symlink("passgres-credential-vault", cloud.scratch.path + "/" + program)
            }
            tool.environment["PASSGRES_CREDENTIALS"] = name
            let run = try tool.start(["token", "--timeout", "3"])
            let signs = PrintedText(from: pipe)
            let ending = await run.ending()
            #expect(ending.status == 75 && ending.seconds < 60)
            #expect(await signs.text() == "ready\n", "the pipe is at its end")
        }
    }

    /// What any other program may print as a password, as a member of JSON and as it is.
    static let passwords = [
        (#"p w\t: \\\\ ' \" é"#, "p w\t: \\\\ ' \" é"), (#"a\rb"#, "a\rb"), ("é:\u{1F511}", "é:\u{1F511}"),
        (" x ", " x "),
    ]

    @Test(arguments: passwords)
    func `may give any bytes for a password`(_ member: String, _ password: String) async throws {
        try await Cloud.with { cloud in
            let answer = try cloud.scratch.write(#"{"version":1,"token":"\#(member)","expiresOn":"#, to: "answer")
            let tool = try tool(cloud, "printf '%s%s}' \"$(cat '\(answer)')\" $(($(date +%s) + 900))")
            let token = try await tool("token")
            #expect(token.output == password + "\n", "\(token.errors)")
            let login = Login(host: "db.example", database: "orders", user: "api")
            let text = "host=db.example dbname=orders user=api"
            for format in ["keyword", "uri"] {
                let conninfo = try await tool("conninfo", text, "--format", format)
                let line = String(conninfo.output.dropLast())
                #expect(try ConnectionInfo(line).password == password, "\(conninfo.errors)")
            }
            let printed = try await tool("pgpass", text, "--stdout")
            #expect(PasswordFile(parsing: Data(printed.output.utf8)).password(for: login) == password)
            let run = try await tool("exec", text, "--", "/bin/sh", "-c", "cat \"$PGPASSFILE\"")
            #expect(PasswordFile(parsing: Data(run.output.utf8)).password(for: login) == password)
        }
    }

    @Test(arguments: [(#"a\nb"#, "newline"), (#"a\r"#, "carriage return")])
    func `is told where a place cannot hold its password`(_ member: String, _ words: String) async throws {
        try await Cloud.with { cloud in
            let answer = try cloud.scratch.write(#"{"version":1,"token":"\#(member)","expiresOn":"#, to: "answer")
            let tool = try tool(cloud, "printf '%s%s}' \"$(cat '\(answer)')\" $(($(date +%s) + 900))")
            let text = "host=db.example dbname=orders user=api"
            let conninfo = try await tool("conninfo", text)
            #expect(conninfo.status == 0, "\(conninfo.errors)")
            for command in [["pgpass", text, "--stdout"], ["exec", text, "--", "/bin/true"]] {
                let ending = try await tool.run(command)
                #expect(ending.status != 0 && ending.output == "" && ending.errors.contains(words), "\(ending)")
            }
        }
    }
}
