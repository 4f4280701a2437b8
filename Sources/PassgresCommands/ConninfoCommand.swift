import ArgumentParser
import FoundationEssentials
import PostgresCredentials
import TokenCredentials

/// `passgres conninfo`: a connection string with user and password.
struct ConninfoCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "conninfo", abstract: "Print a libpq connection string with user and password.")

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case keyword, uri, env, service
    }

    enum PasswordPlace: String, ExpressibleByArgument, CaseIterable {
        case inline, passfile, none
    }

    @Argument(help: "Connection: keyword/value string, URI, or nothing for the PG* variables.")
    var connection: String?

    @Option(help: "keyword, uri, env (lines for a shell) or service (lines for pg_service.conf).")
    var format: Format = .keyword

    @Option(
        help: """
            inline; passfile writes the entry and names the file; none. Default: inline, and passfile for a service, \
            whose file cannot hold a token.
            """)
    var password: PasswordPlace?

    @Option(help: "The password file to write (PGPASSFILE, else ~/.pgpass).")
    var passfile: String?

    @OptionGroup var files: FileOptions
    @Option(
        help: ArgumentHelp(
            "With --format service: the section's name. Default: user, host, port and database, as in api@db.example/orders.",
            valueName: "name"))
    var service: String?

    @OptionGroup var tls: TLSOptions
    @OptionGroup var options: CredentialOptions
    @OptionGroup var common: CommonOptions

    func validate() throws {
        if format == .service, password == .inline {
            throw ValidationError("A line of pg_service.conf holds 1,021 bytes and no token: use --password passfile.")
        }
        if service != nil, format != .service { throw ValidationError("--service belongs to --format service.") }
    }

    func perform() async throws {
        let session = try Session(connection, options, common)
        let place = password ?? (format == .service ? .passfile : .inline)
        var connection = try await connection(of: session, place)
        switch place {
        case .inline: break
        case .none: connection = connection.withoutPassword
        case .passfile:
            let path = try PgpassCommand.path(passfile, connection, session.environment)
            try await PgpassCommand.store(connection, in: path, trusting: files.trust)
            connection = connection.withoutPassword
            connection["passfile"] = path
        }
        if format == .env { common.noteLost(from: connection) }
        common.noteUnknown(in: connection, handedOver: format == .env ? .variables : .text)
        Terminal.standardOutput.write(exactly: try text(of: connection, replacing: session.environment))
    }

    /// With user and password; where no password is wanted and the user is named, nobody is asked for one.
    private func connection(of session: Session, _ place: PasswordPlace) async throws -> ConnectionInfo {
        guard place == .none, session.connection.isUserSaid else {
            return try await session.login(allowing: tls.allowSslmode).connection
        }
        do {
            return try session.connection.prepared(for: TLSPolicy(allowing: tls.allowSslmode), in: session.environment)
        } catch {
            throw CommandFailure(error)
        }
    }

    private func text(of connection: ConnectionInfo, replacing environment: ProcessEnvironment) throws -> String {
        switch format {
        case .keyword: return connection.conninfo + "\n"
        case .uri: return connection.uri + "\n"
        case .env:
            var variables = connection.environment
            variables["PGPASSWORD"] = connection.password
            // A password that is there already beats every password file, and a service beats every variable.
            let stale = ConnectionKeyword.all.compactMap(\.variable).filter { name in
                variables[name] == nil && environment.dictionary[name] != nil
            }
            return (stale.isEmpty ? "" : "unset \(stale.joined(separator: " "))\n")
                + variables.sorted { $0.key < $1.key }.map { "export \($0.key)=\(Self.shellQuoted($0.value))\n" }
                .joined()
        case .service:
            let name = service ?? connection.serviceName
            if connection.isServiceDefined(name, in: environment) {
                common.note(
                    "warning: a service file defines \(quoted(name)) already, and libpq reads the first section of a name; "
                        + "--service gives it another")
            }
            return try ServiceSection(named: name, connection, targeting: 14).text
        }
    }

    /// A text as one word of a POSIX shell.
    private static func shellQuoted(_ text: String) -> String {
        "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: #"'\''"#) + "'"
    }
}
