import ArgumentParser
import PostgresCredentials
import TokenCredentials

/// `passgres connections export pgadmin`: a file that pgAdmin imports.
struct PgAdminExport: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "pgadmin",
        abstract: "Print a servers.json that pgAdmin imports.",
        discussion: """
            pgAdmin runs `passgres token` for the password of each connection it opens, with the options given here. With \
            --passfile it reads that file instead. Asks for no token, so every connection has to name its user.
            """)

    @Argument(help: "Connections: keyword/value strings or URIs; none for the PG* variables.")
    var connections: [String] = []

    @Option(help: ArgumentHelp("A password file that pgAdmin reads in place of running a command.", valueName: "file"))
    var passfile: String?

    @OptionGroup var tls: TLSOptions
    @OptionGroup var options: CredentialOptions
    @OptionGroup var common: CommonOptions

    func perform() async throws {
        var servers: [String: JSONValue] = [:]
        for text in connections.isEmpty ? [""] : connections {
            do {
                let said = try ConnectionInfo(text)
                let connection = try said.resolved(in: .current).prepared(
                    for: TLSPolicy(allowing: tls.allowSslmode), in: .current)
                for server in try connection.servers() {
                    servers["\(servers.count + 1)"] = try entry(connection, server, passfile ?? said.passfile)
                }
            } catch {
                throw CommandFailure(error)
            }
        }
        try printJSON(.object(["Servers": .object(servers)]))
    }

    private func entry(
        _ connection: ConnectionInfo, _ server: ServerAddress, _ passfile: String?
    ) throws -> JSONValue {
        guard connection.isUserSaid, let user = connection.user, let port = UInt16(server.port) else {
            throw CommandFailure(.usage, "pgAdmin needs to know the user of every connection: add user=…")
        }
        let host = server.name ?? server.address ?? ServerAddress.defaultSocketDirectory
        // libpq would take a database of the user's name, which a server seldom has.
        let database = connection.isSaid("dbname") ? connection.database : nil
        var settings: [String: JSONValue] = [:]
        for keyword in ["sslmode", "sslrootcert", "sslcert", "sslkey", "connect_timeout"] {
            settings[keyword] = connection[keyword].map(JSONValue.string)
        }
        settings["hostaddr"] = server.address.map(JSONValue.string)
        settings["passfile"] = passfile.map(JSONValue.string)
        var members: [String: JSONValue] = [
            "Name": .string("\(database ?? user) at \(host)"), "Group": .string("Passgres"),
            "Host": .string(host), "Port": .number(Double(port)), "Username": .string(user),
            "MaintenanceDB": .string(database ?? "postgres"), "ConnectionParameters": .object(settings),
        ]
        if passfile == nil {
            members["PasswordExecCommand"] = .string(try command(host, port))
            // pgAdmin cannot know how long a token lasts: it is to ask for each connection, as libpq would.
            members["PasswordExecExpiration"] = .number(0)
        }
        return .object(members)
    }

    /// The command line that pgAdmin hands to a shell.
    private func command(_ host: String, _ port: UInt16) throws -> String {
        var words = ["passgres", "token", try quotedForShell("host=\(host) port=\(port)")]
        for (option, value) in [
            ("--credentials", options.credentials), ("--tenant", options.tenant), ("--client-id", options.clientId),
            ("--identity", options.identity), ("--cloud", options.cloud), ("--scope", options.scope),
            ("--log-level", options.logLevel?.rawValue),
        ] {
            if let value { words += [option, try quotedForShell(value)] }
        }
        if options.bypassesCache { words.append("--no-cache") }
        return words.joined(separator: " ")
    }

    /// A text as one word of a shell, in which pgAdmin finds nothing to replace.
    private func quotedForShell(_ text: String) throws -> String {
        guard text.utf8.allSatisfy({ $0 > 0x1f && $0 != 0x7f && $0 != UInt8(ascii: "'") && $0 != UInt8(ascii: "%") })
        else { throw CommandFailure(.usage, "\(quoted(text)) cannot stand in a command that pgAdmin runs") }
        return "'\(text)'"
    }
}
