import ArgumentParser
import FoundationEssentials
import PostgresCredentials
import TokenCredentials

/// `passgres pgpass`: the entry in the password file.
struct PgpassCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "pgpass", abstract: "Put an entry with a fresh token into the password file.")

    @Argument(help: "Connections: keyword/value strings or URIs; none for the PG* variables.")
    var connections: [String] = []

    @Option(help: "The password file (PGPASSFILE, else ~/.pgpass).")
    var passfile: String?

    @Flag(name: .long, help: "Print the lines and touch no file.")
    var stdout = false

    @OptionGroup var files: FileOptions
    @OptionGroup var tls: TLSOptions
    @OptionGroup var options: CredentialOptions
    @OptionGroup var common: CommonOptions

    func perform() async throws {
        let sessions = try (connections.isEmpty ? [nil] : connections.map(Optional.some)).map {
            try Session($0, options, common)
        }
        let trust = try files.trust
        // Who reads a password file need not heed what we say of the connection.
        for session in sessions {
            do {
                try session.connection.checkSockets()
            } catch {
                throw CommandFailure(error)
            }
        }
        try await within(seconds: common.timeout ?? 30) { [stdout, passfile, tls, common] in
            for session in sessions {
                let connection = try await session.login(allowing: tls.allowSslmode).connection
                if stdout {
                    for line in try Self.lines(of: connection) { Terminal.standardOutput.write(exactly: line + "\n") }
                } else {
                    let path = try Self.path(passfile, connection, session.environment)
                    try await Self.store(connection, in: path, trusting: trust)
                    common.note("\(path) holds the password for \(Self.names(of: connection))")
                }
            }
        }
    }

    /// The password file: the one named, else the connection's own, else libpq's.
    static func path(_ named: String?, _ connection: ConnectionInfo, _ environment: ProcessEnvironment) throws -> String
    {
        if let path = named ?? connection.passfile, !path.isEmpty { return path }
        guard let path = PasswordFile.defaultPath(in: environment) else {
            throw CommandFailure(
                .inputOutput, "there is no home directory and PGPASSFILE is not set: name a --passfile")
        }
        return path
    }

    private static func lines(of connection: ConnectionInfo) throws -> [String] {
        do {
            return try connection.logins.map {
                try PasswordFile.entry(for: $0, password: connection.password ?? "")
            }
        } catch {
            throw CommandFailure(error)
        }
    }

    private static func names(of connection: ConnectionInfo) -> String {
        connection.logins.map { "\($0.user) at \($0.host):\($0.port)" }.joined(separator: ", ")
    }

    /// Writes an entry for each of a connection's logins, in one replacement of the file.
    static func store(_ connection: ConnectionInfo, in path: String, trusting trust: FileTrust) async throws {
        do {
            try await PasswordFileDestination(path: path, trusting: trust).store(
                connection.password ?? "", for: connection.logins)
        } catch {
            throw CommandFailure(error)
        }
    }
}
