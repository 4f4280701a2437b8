package import ArgumentParser

/// The `passgres` tool.
package struct Passgres: AsyncParsableCommand {
    package static let version = "0.1.0"

    package static let configuration = CommandConfiguration(
        commandName: "passgres",
        abstract: "PostgreSQL without the password: short-lived Microsoft Entra tokens where PostgreSQL clients look.",
        discussion: """
            A connection is what every libpq tool takes: a keyword/value string, a URI, or nothing, in which case the PG* \
            variables decide. The result goes to standard output, everything else to standard error.
            """,
        version: version,
        subcommands: [
            TokenCommand.self, ConninfoCommand.self, PgpassCommand.self, ExecCommand.self, PsqlCommand.self,
            ExplainCommand.self, CredentialsCommand.self,
        ])

    package init() {}

    /// Runs the command line and returns the exit status.
    package static func run(_ arguments: [String]) async -> Int32 {
        do {
            var command = try parseAsRoot(arguments)
            if let command = command as? any SignalForwarding { command.prepareForSignals() }
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
            return ExitStatus.done.rawValue
        } catch let code as ExitCode {
            return code.rawValue
        } catch let failure as CommandFailure {
            Terminal.standardError.write(failure.text + "\n")
            return failure.status.rawValue
        } catch {
            let code = exitCode(for: error)
            let text = fullMessage(for: error)
            if !text.isEmpty { (code.isSuccess ? Terminal.standardOutput : .standardError).write(text + "\n") }
            return code.rawValue
        }
    }
}
