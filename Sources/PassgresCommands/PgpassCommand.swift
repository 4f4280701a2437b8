import ArgumentParser
import FoundationEssentials
import PostgresCredentials
import TokenCredentials

/// `passgres pgpass`: the entry in the password file.
struct PgpassCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pgpass", abstract: "Put an entry with a fresh token into the password file.")

    @Argument(help: "Connections: keyword/value strings or URIs; none for the PG* variables.")
    var connections: [String] = []

    @Option(help: "The password file (PGPASSFILE, else ~/.pgpass).")
    var passfile: String?

    @Flag(name: .long, help: "Print the lines and touch no file.")
    var stdout = false

    @OptionGroup var tls: TLSOptions
    @OptionGroup var options: CredentialOptions
    @OptionGroup var common: CommonOptions

    func run() async throws {
        let sessions = try (connections.isEmpty ? [nil] : connections.map(Optional.some)).map {
            try Session($0, options, common)
        }
        for session in sessions {
            let connection = try await session.authenticated(allowing: tls.allowSslmode)
            if stdout {
                for login in connection.logins {
                    let line = try PasswordFile.entry(for: login, password: connection.password ?? "")
                    Terminal.standardOutput.write(line + "\n")
                }
            } else {
                let path =
                    passfile ?? connection["passfile"] ?? PasswordFile.defaultPath(in: session.environment)
                try await Self.store(connection, in: path)
                common.note("\(path): \(connection.logins.count == 1 ? "entry" : "entries") for \(connection) written")
            }
        }
    }

    /// Writes an entry for each of a connection's logins, in one replacement of the file.
    static func store(_ connection: ConnectionInfo, in path: String) async throws {
        do {
            try await PasswordFileDestination(path: path).store(connection.password ?? "", for: connection.logins)
        } catch {
            throw CommandFailure(error)
        }
    }
}
