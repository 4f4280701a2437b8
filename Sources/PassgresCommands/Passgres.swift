package import ArgumentParser
import CommandCredentials
import CredentialHTTP
import Dispatch
import Glibc
import TokenCredentials

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

    /// Runs the command line of this process, and ends the process.
    ///
    /// To be called while there is one thread. What needs no other, such as `--help`, is done without.
    package static func runToItsEnd() -> Never {
        _ = StartingState.taken
        FirstProcess.standAside()
        Signals.endWithPrograms()
        do {
            var command = try parseAsRoot()
            guard let asynchronous = command as? any AsyncParsableCommand else {
                try command.run()
                end(nil)
            }
            if let shortage = ProcessLimits.shortage(files: neededFiles, threads: neededThreads) {
                Terminal.standardError.write(CommandFailure(.temporary, shortage).text + "\n")
                end(ExitCode(ExitStatus.temporary.rawValue))
            }
            Task.detached {
                var command = asynchronous
                do {
                    try await command.run()
                    end(nil)
                } catch {
                    end(error)
                }
            }
            dispatchMain()
        } catch {
            end(error)
        }
    }

    /// What a command that asks for a token opens at once, at most: with a program that it runs, or with D-Bus.
    private static let neededFiles = 16
    /// What the libraries start, none of which can do without: Dispatch waits for ever, and GLib ends the process.
    private static let neededThreads = 6

    private static func end(_ end: (any Error)?) -> Never {
        var status = ExitStatus.done.rawValue
        if let end {
            // Help, a version and completions come as errors too.
            let text = fullMessage(for: end)
            status = exitCode(for: end).rawValue
            let stream = status == ExitStatus.done.rawValue ? Terminal.standardOutput : .standardError
            if !text.isEmpty { stream.write(text + "\n") }
        }
        // A result that nobody has is no success, and no finding either.
        if status <= ExitStatus.faultFound.rawValue, let failure = Terminal.outputFailure {
            Terminal.standardError.write(failure.text + "\n")
            status = failure.status.rawValue
        }
        RunningGroups.end()
        Glibc.exit(status)
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
        // A thread inside OpenSSL must not be surprised by the end of the process.
        await CurlTransport.shared.shutdown()
        if let end { throw end }
    }
}
