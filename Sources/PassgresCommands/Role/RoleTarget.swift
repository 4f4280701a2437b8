import ArgumentParser
import FoundationEssentials
import PostgresCredentials
import TokenCredentials

/// For which server a script is, and whether it is run there.
struct RoleTarget: ParsableArguments {
    @Option(help: ArgumentHelp("Run the script there, by psql, logged in by token.", valueName: "connection"))
    var apply: String?

    @OptionGroup var tls: TLSOptions
    @OptionGroup var options: CredentialOptions
    @OptionGroup var common: CommonOptions

    /// Prints or runs a script; the warnings go to standard error.
    func finish(_ make: (RoleScript.Server) throws(RoleScriptError) -> RoleScript) async throws {
        let script: RoleScript
        do throws(RoleScriptError) {
            script = try make(options.serverKind.kind)
        } catch {
            throw CommandFailure(.usage, "\(error)")
        }
        for warning in script.warnings { common.note("warning: \(warning)") }
        guard let apply else { return Terminal.standardOutput.write(exactly: script.text) }
        try await run(script, apply)
    }

    /// Runs psql as `exec` does; the principals' functions are in database postgres and in no other.
    private func run(_ script: RoleScript, _ text: String) async throws {
        let session = try Session(text, options, common) { connection in
            if options.serverKind == .flexible { connection.database = "postgres" }
        }
        let directory = try PrivateDirectory(in: session.environment)
        defer { directory.remove() }
        let path = directory.path + "/role.sql"
        do {
            try await onOwnThread { () throws -> Void in
                try LocalFiles().replaceFile(at: path, limit: 1 << 20) { _ in Data(script.text.utf8) }
            }
        } catch {
            throw CommandFailure(error)
        }
        try await ProgramRun(session: session, tls: tls, common: common).run(
            ["psql", "-X", "-q", "-w", "-v", "ON_ERROR_STOP=1", "-f", path],
            hearing: try ErrorRelay())
    }
}
