import ArgumentParser
import FoundationEssentials
import PostgresCredentials
import TokenCredentials

/// `passgres connections`: connections in the form of other programs.
struct ConnectionsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "connections", abstract: "Write connections for other programs.", subcommands: [Export.self])

    /// `passgres connections export`.
    struct Export: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Write connections for a program.", subcommands: [PgAdmin.self])
    }

    /// `passgres connections export pgadmin`: a file that pgAdmin imports.
    struct PgAdmin: Subcommand {
        static let configuration = CommandConfiguration(
            commandName: "pgadmin",
            abstract: "Print a servers.json that pgAdmin imports.",
            discussion: """
                pgAdmin runs `passgres token` for the password, and again once it has become old. Asks for no token, so \
                every connection has to name its user.
                """)

        @Argument(help: "Connections: keyword/value strings or URIs; none for the PG* variables.")
        var connections: [String] = []

        @OptionGroup var common: CommonOptions

        func perform() async throws {
            var servers: [String: JSONValue] = [:]
            for (index, text) in (connections.isEmpty ? [""] : connections).enumerated() {
                do {
                    let connection = try ConnectionInfo(text).resolved(in: .current)
                    for server in try connection.servers() {
                        servers["\(servers.count + 1)"] = try Self.entry(connection, server)
                    }
                } catch {
                    throw CommandFailure(error)
                }
                _ = index
            }
            try printJSON(.object(["Servers": .object(servers)]))
        }

        private static func entry(_ connection: ConnectionInfo, _ server: ServerAddress) throws -> JSONValue {
            guard connection.isUserSaid, let user = connection.user, let port = UInt16(server.port) else {
                throw CommandFailure(.usage, "pgAdmin needs to know the user of every connection: add user=…")
            }
            let host = server.name ?? server.address ?? ServerAddress.defaultSocketDirectory
            var settings: [String: JSONValue] = [
                "sslmode": .string(connection.sslmode ?? (server.isLocal ? "prefer" : "verify-full"))
            ]
            for keyword in ["sslrootcert", "hostaddr"] { settings[keyword] = connection[keyword].map(JSONValue.string) }
            return .object([
                "Name": .string("\(connection.database ?? user) at \(host)"), "Group": .string("Passgres"),
                "Host": .string(host), "Port": .number(Double(port)), "Username": .string(user),
                "MaintenanceDB": .string(connection.database ?? "postgres"),
                "PasswordExecCommand": .string("passgres token \(try quotedForShell("host=\(host) port=\(port)"))"),
                "PasswordExecExpiration": .number(300), "ConnectionParameters": .object(settings),
            ])
        }

        private static func quotedForShell(_ text: String) throws -> String {
            guard text.utf8.allSatisfy({ $0 > 0x1f && $0 != 0x7f && $0 != UInt8(ascii: "'") }) else {
                throw CommandFailure(.usage, "this host cannot stand in a command")
            }
            return "'\(text)'"
        }
    }
}
