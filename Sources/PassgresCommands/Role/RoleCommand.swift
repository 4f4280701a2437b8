import ArgumentParser
import FoundationEssentials
import PostgresCredentials
import TokenCredentials

/// `passgres role`: SQL for roles that log in by token.
struct RoleCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "role", abstract: "Print, or run, the SQL for roles that log in by token.",
        subcommands: [Create.self, Map.self, Refresh.self, Sync.self, List.self, Drop.self])

    /// `passgres role create NAME`.
    struct Create: Subcommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a role for a principal of the directory.",
            discussion: """
                Without --type and --object-id the server looks the name up in the directory. Nothing is granted \
                without --database.
                """)

        @Argument(help: "The role's name; case and blanks count.")
        var name: String

        @OptionGroup var principal: PrincipalOptions

        @Flag(help: "Demand a sign-in with a second factor.")
        var mfa = false

        @Flag(help: "Grant reading only.")
        var readOnly = false

        @Option(help: "A schema whose tables are granted; may be given several times (default: public).")
        var schema: [String] = []

        @Option(help: "The database whose tables are granted.")
        var database: String?

        @OptionGroup var target: RoleTarget

        func validate() throws {
            if database == nil, readOnly || !schema.isEmpty {
                throw ValidationError("--read-only and --schema need --database.")
            }
            if principal.admin, readOnly { throw ValidationError("An administrator cannot be kept to reading.") }
        }

        func perform() async throws {
            var role = RoleDefinition(
                name, rights: principal.admin ? .administrator : readOnly ? .readOnly : .readWrite, database: database,
                schemas: schema)
            role.principal = principal.principal
            role.demandsMultifactor = mfa
            try await target.finish { server throws(RoleScriptError) in try RoleScript.creating(role, on: server) }
        }
    }

    /// `passgres role list`.
    struct List: Subcommand {
        static let configuration = CommandConfiguration(abstract: "List the roles tied to a principal.")

        @OptionGroup var target: RoleTarget

        func perform() async throws {
            try await target.finish { server in RoleScript.listing(on: server) }
        }
    }

    /// `passgres role drop NAME`.
    struct Drop: Subcommand {
        static let configuration = CommandConfiguration(
            abstract: "Drop a role.",
            discussion: "What it owns in each --database becomes the property of whoever runs the script.")

        @Argument(help: "The role's name.")
        var name: String

        @Option(help: "A database in which it has rights or owns something; may be given several times.")
        var database: [String] = []

        @OptionGroup var target: RoleTarget

        func perform() async throws {
            try await target.finish { server throws(RoleScriptError) in
                try RoleScript.dropping(name, cleaning: database, on: server)
            }
        }
    }
}
