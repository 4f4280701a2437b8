import Foundation
import Testing

@Suite struct `The command doctor` {
    private let scratch = Scratch()
    private var tool: Tool { Tool(["HOME": scratch.path, "PASSGRES_CREDENTIALS": "environment"]) }

    private func checks(_ ending: Tool.Ending) throws -> [[String: Any]] {
        let object = try JSONSerialization.jsonObject(with: Data(ending.output.utf8)) as? [String: Any]
        return try #require(object?["checks"] as? [[String: Any]])
    }

    @Test func `asks nobody offline`() async throws {
        let ending = try await tool("doctor", "host=db1.example user=ada", "--offline", "--output", "json")
        #expect(ending.status == 0)
        let checks = try checks(ending)
        #expect(Set(checks.compactMap { $0["outcome"] as? String }).isSubset(of: ["ok", "skip"]))
        #expect(
            checks.allSatisfy { Set($0.keys) == ["check", "code", "outcome", "finding", "remedy", "milliseconds"] })
        let skipped = checks.filter { $0["outcome"] as? String == "skip" }.compactMap { $0["check"] as? String }
        #expect(Set(skipped).isSuperset(of: ["clock", "name", "reach", "tls", "login"]))
    }

    @Test func `puts the likeliest cause first and ends with 1`() async throws {
        _ = try scratch.write("db1.example:5432:ada:ada:x\n", to: ".pgpass")
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: scratch.path + "/.pgpass")
        let ending = try await tool("doctor", "host=db1.example user=ada", "--offline")
        #expect(ending.status == 1)
        #expect(ending.lines.first?.hasPrefix("FAIL  L01  password-file  ") == true)
        #expect(ending.lines.first?.contains("-> Run chmod 600 \(scratch.path)/.pgpass.") == true)
        #expect(ending.lines.dropFirst().allSatisfy { !$0.hasPrefix("FAIL") })
    }

    @Test func `reports a connection that cannot be read`() async throws {
        let ending = try await tool("doctor", "host=db1 user", "--output", "json")
        #expect(ending.status == 1)
        #expect(try checks(ending).first?["code"] as? String == "L17")
    }

    @Test func `says that nothing listens`() async throws {
        let ending = try await tool("doctor", "host=localhost hostaddr=127.0.0.1 port=1 user=ada", "--output", "json")
        #expect(ending.status == 1)
        #expect(try checks(ending).first?["code"] as? String == "N05")
    }

    @Test func `names nobody in a redacted report`() async throws {
        let ending = try await tool(
            "doctor", "host=db1.example user=ada@contoso.example dbname=orders", "--offline", "--redacted")
        #expect(ending.output.contains("host=HOST"))
        for name in ["db1", "ada", "orders", scratch.path] { #expect(!ending.output.contains(name)) }
    }

    @Test func `shows no password`() async throws {
        var tool = tool
        tool.environment["PGPASSWORD"] = "hunter2x"
        for options in [[], ["--output", "json"], ["--redacted"]] {
            let ending = try await tool.run(
                ["doctor", "host=db1.example user=ada password=hunter2x", "--offline"] + options)
            #expect(!(ending.output + ending.errors).contains("hunter2x"))
        }
    }
}
