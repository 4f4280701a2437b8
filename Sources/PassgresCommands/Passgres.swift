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

    /// Runs the command line and ends the process with its exit status.
    ///
    /// To be called first thing on the main thread: the commands that run another program keep its signals for
    /// themselves, which has to be done before there is any other thread.
    package static func end() async -> Never {
        let arguments = Array(CommandLine.arguments.dropFirst())
        if let name = arguments.first, [ExecCommand.name, PsqlCommand.name].contains(name) { ForwardedSignals.hold() }
        await main(arguments)
        exit(withError: nil)
    }
}

/// A subcommand, whose failures are told in its own words and end with a status of the contract.
protocol Subcommand: AsyncParsableCommand {
    func perform() async throws
}

extension Subcommand {
    func run() async throws {
        do {
            try await perform()
        } catch let code as ExitCode {
            throw code
        } catch {
            let failure = CommandFailure(error)
            Terminal.standardError.write(failure.text + "\n")
            throw ExitCode(failure.status.rawValue)
        }
    }
}
