import Foundation
import Testing

@Suite(.timeLimit(.minutes(5))) struct `A token of a tool, shared by all processes` {
    /// A tool that prints a token of whoever its state names, and every file that a sign-in to it writes.
    struct Stage: CustomTestStringConvertible, Sendable {
        let program: String
        let credential: String
        /// What it prints, with the token's place and the end's.
        let output: String
        let file: String

        var testDescription: String { "\(program), \(file)" }
    }

    static let az = #"{"accessToken":"TOKEN","expires_on":END,"tokenType":"Bearer"}"#
    static let stages =
        [".azure/azureProfile.json", ".azure/clouds.config", ".azure/config", ".azure/service_principal_entries.json"]
        .map { Stage(program: "az", credential: "azure-cli", output: az, file: $0) }
        + [".azd/auth.json", ".azd/config.json", ".azure/azureProfile.json"].map {
            Stage(
                program: "azd", credential: "azure-developer-cli", output: #"{"token":"TOKEN","expiresOn":"DATE"}"#,
                file: $0)
        }
        + [
            Stage(
                program: "pwsh", credential: "azure-powershell", output: #"{"token":"TOKEN","expiresOn":END}"#,
                file: ".Azure/AzureRmContext.json")
        ]

    @Test(arguments: stages) func `is another's at the very next call after another sign-in`(_ stage: Stage)
        async throws
    {
        let scratch = Scratch()
        for folder in [".azure", ".azd", ".Azure", "bin"] {
            try FileManager.default.createDirectory(
                atPath: "\(scratch.path)/\(folder)", withIntermediateDirectories: false,
                attributes: [.posixPermissions: 0o700])
        }
        // What a first sign-in left, whoever it was.
        for file in [".azure/azureProfile.json", ".azd/config.json", ".Azure/AzureRmContext.json"] {
            _ = try scratch.write("{}", to: file)
        }
        let script = """
            #!/bin/sh
            echo run >>"$HOME/runs"
            printf '%s\\n' '\(stage.output)' | sed -e "s/TOKEN/$(cat "$HOME/person")/" \\
                -e "s/END/$(date -d '+1 hour' +%s)/" -e "s/DATE/$(date -u -d '+1 hour' +%FT%TZ)/"
            """
        let program = try scratch.write(script, to: "bin/\(stage.program)")
        try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: program)
        var tool = Tool([
            "HOME": scratch.path, "XDG_RUNTIME_DIR": scratch.path, "PATH": "\(scratch.path)/bin:/usr/bin:/bin",
            "PASSGRES_CREDENTIALS": stage.credential,
        ])
        tool.environment["PASSGRES_CACHE"] = nil

        for (person, change) in [("ada", "[1]"), ("grace", "[1, 2]")] {
            _ = try scratch.write(person, to: "person")
            _ = try scratch.write(change, to: stage.file)
            for _ in 1...2 {
                let ending = try await tool("token")
                #expect(ending.output == person + "\n", "\(ending.errors)")
            }
        }
        let runs = try String(contentsOfFile: scratch.path + "/runs", encoding: .utf8)
        #expect(runs == "run\nrun\n", "each person's token is asked for once")
    }

    @Test func `is not shared through a directory that others may look into, which is said once`() async throws {
        let scratch = Scratch()
        let own = "passgres-\(geteuid())"
        for (folder, mode) in [(".azure", 0o700), (".azd", 0o700), (own, 0o700), ("\(own)/tokens", 0o755)] {
            try FileManager.default.createDirectory(
                atPath: "\(scratch.path)/\(folder)", withIntermediateDirectories: false,
                attributes: [.posixPermissions: mode])
        }
        for file in [".azure/azureProfile.json", ".azd/config.json"] { _ = try scratch.write("{}", to: file) }
        var tool = Tool([
            "HOME": scratch.path, "XDG_RUNTIME_DIR": scratch.path, "PATH": "/nonexistent",
            "PASSGRES_CREDENTIALS": "azure-cli,azure-developer-cli",
        ])
        tool.environment["PASSGRES_CACHE"] = nil
        // Each of the two would have shared its token.
        let ending = try await tool("explain")
        let lines = ending.errors.split(separator: "\n").filter { $0.contains("tokens are not shared") }
        #expect(lines.count == 1, "\(ending.errors)")
        #expect(lines.first?.contains("PASSGRES_CACHE=off") == true)
        for silencing in ["--quiet", "--no-cache"] {
            #expect(try await !tool("explain", silencing).errors.contains("tokens are not shared"))
        }
    }
}
