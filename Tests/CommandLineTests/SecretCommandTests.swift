import Foundation
import LocalEntra
import Testing
import TokenCredentials

@Suite struct `passgres secret` {
    /// A machine without a secret service, whose user asked for a file by name.
    static func withStore(_ body: (Cloud, Tool) async throws -> Void) async throws {
        try await Cloud.with { cloud in
            var tool = cloud.tool
            tool.environment.merge([
                "PASSGRES_SECRET_STORE": "file", "XDG_STATE_HOME": cloud.scratch.path + "/state",
                "AZURE_TENANT_ID": Cloud.tenant, "AZURE_CLIENT_ID": Cloud.application,
            ]) { $1 }
            try await body(cloud, tool)
        }
    }

    /// The same without a cloud.
    static func withFile(_ body: (Scratch, Tool) async throws -> Void) async throws {
        let scratch = Scratch()
        try await body(
            scratch,
            Tool([
                "PASSGRES_SECRET_STORE": "file", "XDG_STATE_HOME": scratch.path + "/state", "HOME": scratch.path,
                "XDG_RUNTIME_DIR": scratch.path,
            ]))
    }

    static func place(_ scratch: Scratch) -> String { "the file \(scratch.path)/state/passgres/secrets.json" }

    @Test(arguments: ["", "\n", "\r\n"])
    func `keeps what standard input says, and a credential finds it by its name`(end: String) async throws {
        try await Self.withStore { cloud, tool in
            let stored = try await tool.run(["secret", "store", "orders"], input: Cloud.secret + end)
            #expect(stored.status == 0 && stored.output.isEmpty, "\(stored.errors)")
            #expect(stored.errors.contains("kept the secret orders in \(Self.place(cloud.scratch))"))
            var named = tool
            named.environment["PASSGRES_CLIENT_SECRET_NAME"] = "orders"
            let token = try await named("token", "--credentials", "environment")
            #expect(token.status == 0 && token.output.hasPrefix("eyJ"), "\(token.errors)")
            #expect(cloud.local.requests(to: .token).last?.form.first("client_secret") == Cloud.secret)
            let credentials = try await named("credentials")
            #expect(credentials.output.contains("PASSGRES_CLIENT_SECRET_NAME"))
            for ending in [stored, token, credentials] {
                #expect(!(ending.output + ending.errors).contains(Cloud.secret))
            }
        }
    }

    @Test func `is listed by name alone, and so it is by status`() async throws {
        try await Self.withFile { scratch, tool in
            #expect(try await tool("secret", "list").output == "")
            for name in ["pfx/2026", "orders"] {
                _ = try await tool.run(["secret", "store", name, "--quiet"], input: "hush-\(name)")
            }
            let text = try await tool("secret", "list")
            #expect(
                text.output == "orders  kept in \(Self.place(scratch))\npfx/2026  kept in \(Self.place(scratch))\n")
            let list = try await tool("secret", "list", "--output", "json")
            guard case .array(let entries)? = list.output.json?["secrets"] else {
                return #expect(Bool(false), "\(list.output)")
            }
            #expect(entries.map { $0["name"]?.text } == ["orders", "pfx/2026"])
            #expect(entries.allSatisfy { $0["store"]?.text == Self.place(scratch) })
            let status = try await tool("status", "--output", "json")
            #expect(status.output.json?["secrets"] == .array(entries))
            let words = try await tool("status")
            #expect(words.output.contains("secret: orders, kept in \(Self.place(scratch))\n"))
            for ending in [text, list, status, words] { #expect(!(ending.output + ending.errors).contains("hush")) }
        }
    }

    @Test func `is forgotten by name, or by logout with all the others`() async throws {
        try await Self.withFile { scratch, tool in
            for name in ["a", "b", "c"] {
                _ = try await tool.run(["secret", "store", name], input: "hush-\(name)")
            }
            let one = try await tool("secret", "forget", "b")
            #expect(one.status == 0 && one.errors == "passgres: forgot the secret b in \(Self.place(scratch))\n")
            let none = try await tool("secret", "forget", "b")
            #expect(none.status == 0 && none.errors == "passgres: nothing is kept under the name b\n")
            let all = try await tool("logout")
            #expect(all.status == 0)
            #expect(
                all.errors == #"passgres: forgotten: the secret "a" in \#(Self.place(scratch)); "#
                    + "the secret \"c\" in \(Self.place(scratch))\n")
            #expect(try await tool("logout").errors == "passgres: there was nothing to forget\n")
            #expect(try await tool("secret", "list").output == "")
        }
    }

    @Test func `that is not there is a mistake, with the command that mends it`() async throws {
        try await Self.withStore { cloud, tool in
            var named = tool
            named.environment["PASSGRES_CLIENT_SECRET_NAME"] = "orders"
            let ending = try await named("token")
            #expect(ending.status == 78, "\(ending.errors)")
            #expect(ending.errors.contains("no secret is kept under the name orders"))
            #expect(ending.errors.contains("passgres secret store orders"))
            named.environment["AZURE_CLIENT_SECRET"] = "hush"
            let both = try await named("token")
            #expect(both.status == 78 && both.errors.contains("Unset one of the two"), "\(both.errors)")
            #expect(!both.errors.contains("hush"))
            #expect(cloud.local.requests(to: .token).isEmpty)
        }
    }

    static let refused: [([String], input: String, status: Int32)] = [
        (["secret", "store"], "x", 64), (["secret", "store", "two words"], "x", 64),
        (["secret", "store", "a/$(b)"], "x", 64), (["secret", "store", "name", "hush-argument"], "x", 64),
        (["secret", "store", "name", "--keep-in", "memory"], "x", 64), (["secret", "forget", ""], "", 64),
        (["secret", "store", "name"], "", 78), (["secret", "store", "name"], "\n", 78),
        (["secret", "store", "name"], "hush\nhush", 78), (["secret", "store", "name"], "hush\u{0}", 78),
        (["secret", "store", "name"], String(repeating: "hush", count: 30_000), 64),
    ]

    @Test(arguments: refused)
    func `refuses what is no name or no secret`(arguments: [String], input: String, status: Int32) async throws {
        try await Self.withFile { scratch, tool in
            let ending = try await tool.run(arguments, input: input)
            #expect(ending.status == status, "\(ending.errors)")
            #expect(!ending.errors.isEmpty)
            if !arguments.contains("hush-argument") { #expect(!ending.errors.contains("hush")) }
            #expect(!FileManager.default.fileExists(atPath: scratch.path + "/state/passgres/secrets.json"))
        }
    }

    @Test func `is not asked for where the file cannot keep it, and nor is a sign-in`() async throws {
        try await Self.withStore { cloud, tool in
            let path = cloud.scratch.path + "/state/passgres/secrets.json"
            _ = try await tool.run(["secret", "store", "orders"], input: Cloud.secret)
            chmod(path, 0o644)
            for arguments in [["secret", "store", "other"], ["login", "--device-code", "--timeout", "60"]] {
                let ending = try await tool.run(arguments, input: "hush")
                #expect(ending.status == 74, "\(ending.errors)")
                #expect(ending.errors.contains("\(path) is open to others"))
                #expect(ending.errors.contains("mend or remove it"))
            }
            #expect(cloud.local.requests(to: .deviceCode).isEmpty)
            let logout = try await tool("logout")
            #expect(logout.status == 74 && logout.errors.contains("mend or remove it"), "\(logout.errors)")
        }
    }

    @Test func `is lost to a full disk with the status that says so, and the others are kept`() async throws {
        try await Self.withFile { scratch, tool in
            _ = try await tool.run(["secret", "store", "orders"], input: "hush")
            // More than the shell lets the tool write into one file.
            var limited = tool
            limited.environment["XDG_STATE_HOME"] = scratch.path + "/state"
            let input = "head -c 60000 /dev/zero | tr '\\0' x"
            let line = "trap '' XFSZ; ulimit -f 1; \(input) | '\(Tool.path)' secret store large"
            let ending = try await Tool.Running("/bin/bash", ["-c", line], limited.environment).ending()
            #expect(ending.status == 74, "\(ending.errors)")
            #expect(ending.errors.contains("File too large"))
            #expect(try await tool("secret", "list").output == "orders  kept in \(Self.place(scratch))\n")
        }
    }

    @Test func `takes as much as a secret may be long`() async throws {
        try await Self.withFile { _, tool in
            let ending = try await tool.run(
                ["secret", "store", "name"], input: String(repeating: "x", count: 65_536) + "\n")
            #expect(ending.status == 0, "\(ending.errors)")
        }
    }

    @Test func `is not asked for where a display is all there is of a desktop, and nor is a sign-in`() async throws {
        try await Self.withStore { cloud, tool in
            var remote = tool
            remote.environment["DISPLAY"] = "localhost:10.0"
            remote.environment["DBUS_SESSION_BUS_ADDRESS"] = "unix:path=/nonexistent"
            for arguments in [["secret", "store", "other"], ["login", "--device-code", "--timeout", "60"]] {
                let ending = try await remote.run(arguments + ["--keep-in", "secret-service"], input: "hush")
                #expect(ending.status == 78 && ending.errors.contains("--keep-in file"), "\(ending.errors)")
            }
            #expect(cloud.local.requests(to: .deviceCode).isEmpty)
        }
    }

    @Test func `stays, with a warning, where it is in trouble and the variable leaves it out of logout`() async throws {
        try await Self.withFile { scratch, tool in
            _ = try await tool.run(["secret", "store", "orders"], input: "hush")
            chmod(scratch.path + "/state/passgres/secrets.json", 0o644)
            var elsewhere = tool
            elsewhere.environment["DBUS_SESSION_BUS_ADDRESS"] = "unix:path=/nonexistent"
            elsewhere.environment["PASSGRES_SECRET_STORE"] = "secret-service"
            let ending = try await elsewhere("logout")
            #expect(ending.status == 0, "\(ending.errors)")
            #expect(ending.errors.contains("warning: what is kept in \(Self.place(scratch)) stays"))
            #expect(ending.errors.contains("mend or remove it"))
            #expect(!ending.errors.contains("there was nothing to forget\n"))
            elsewhere.environment["PASSGRES_SECRET_STORE"] = nil
            #expect(try await elsewhere("logout").status == 74)
        }
    }

    @Test func `has no place where nobody named one`() async throws {
        var tool = Tool(["DBUS_SESSION_BUS_ADDRESS": "unix:path=/nonexistent"])
        tool.environment["HOME"] = "/nonexistent"
        let ending = try await tool.run(["secret", "store", "name"], input: "hush")
        #expect(ending.status == 78 && ending.errors.contains("--keep-in file"), "\(ending.errors)")
        #expect(!ending.errors.contains("hush"))
    }
}
