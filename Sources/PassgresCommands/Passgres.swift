package import ArgumentParser
import CommandCredentials
import CredentialHTTP
import Glibc
import Synchronization

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
            LoginCommand.self, LogoutCommand.self, StatusCommand.self, SecretCommand.self, KeepCommand.self,
            RoleCommand.self,
            ConnectionsCommand.self, ExplainCommand.self, ExplainErrorCommand.self, DoctorCommand.self,
            CredentialsCommand.self, FailuresPageCommand.self, VariablesPageCommand.self,
        ])

    package init() {}

    /// Whether the thread of the transport did not end when it was told to.
    private static let hasThreadsLeft = Atomic(false)

    /// Ends the transport's thread; gives up after a while, since a library may hang in it.
    ///
    /// A thread inside OpenSSL must not be surprised by the end of the process.
    static func endTransport() async {
        let hasEnded = FirstAnswer<Bool>()
        Task {
            await CurlTransport.shared.shutdown()
            hasEnded.give(true)
        }
        let timer = Task {
            try await Task.sleep(for: .seconds(2))
            hasEnded.give(false)
        }
        if await !hasEnded.value() { hasThreadsLeft.store(true, ordering: .sequentiallyConsistent) }
        timer.cancel()
    }

    /// Runs the command line of this process; ends the process unless all went well.
    package static func runToItsEnd() async {
        _ = StartingState.taken
        Signals.endWithPrograms()
        var end: (any Error)?
        var arguments = CommandArguments(texts: [])
        do {
            arguments = try CommandArguments.ofThisProcess()
            try CommandArguments.checkVariables()
            var command = try parseAsRoot(arguments.texts)
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch {
            end = error
        }
        var status = ExitStatus.done.rawValue
        if let end {
            // Help, a version and completions come as errors too.
            status = (end as? CommandFailure)?.status.rawValue ?? exitCode(for: end).rawValue
            let text =
                (end as? CommandFailure)?.text
                ?? (status == ExitStatus.usage.rawValue
                    ? ArgumentError(end, in: arguments).words : fullMessage(for: end))
            if !text.isEmpty, status == ExitStatus.done.rawValue {
                Terminal.standardOutput.write(exactly: text + "\n")
            } else if !text.isEmpty {
                Terminal.standardError.write(text + "\n")
            }
        }
        // A result that nobody has is no success, and no finding either.
        if status <= ExitStatus.faultFound.rawValue, let failure = Terminal.outputFailure {
            Terminal.standardError.write(failure.text + "\n")
            status = failure.status.rawValue
        }
        // A thread that hangs would keep the libraries' own endings waiting.
        if hasThreadsLeft.load(ordering: .sequentiallyConsistent) { Glibc._exit(status) }
        if status != ExitStatus.done.rawValue { Glibc.exit(status) }
    }
}

/// A subcommand, whose failures are told in its own words and end with a status of the contract.
protocol Subcommand: AsyncParsableCommand {
    func perform() async throws
}

extension Subcommand {
    func run() async throws {
        let end: ExitCode?
        do {
            try await perform()
            end = nil
        } catch let code as ExitCode {
            end = code
        } catch {
            let failure = CommandFailure(error)
            Terminal.standardError.write(failure.text + "\n")
            end = ExitCode(failure.status.rawValue)
        }
        await Passgres.endTransport()
        if let end { throw end }
    }
}
