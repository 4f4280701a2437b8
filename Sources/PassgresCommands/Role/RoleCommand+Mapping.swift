import ArgumentParser
import PostgresCredentials

extension RoleCommand {
    /// `passgres role map NAME`.
    struct Map: Subcommand {
        static let configuration = CommandConfiguration(
            abstract: "Map a role that is there already to a principal of the directory.",
            discussion: """
                The role keeps what it owns and may do. Flexible Server wants --type and --object-id; it takes the \
                mapping as a security label.
                """)

        @Argument(help: "The role's name; case and blanks count.")
        var name: String

        @OptionGroup var principal: PrincipalOptions
        @OptionGroup var target: RoleTarget

        func perform() async throws {
            try await target.finish { server throws(RoleScriptError) in
                try RoleScript.mapping(name, to: principal.principal, asAdministrator: principal.admin, on: server)
            }
        }
    }

    /// `passgres role refresh NAME`.
    struct Refresh: Subcommand {
        static let configuration = CommandConfiguration(
            abstract: "Renew the mapping of a role whose principal was deleted and made again.",
            discussion: """
                A role is tied to an object id, and who is made again has another one. The role keeps what it owns and \
                may do. Flexible Server wants --type and the new --object-id, and --admin for an administrator.
                """)

        @Argument(help: "The role's name; case and blanks count.")
        var name: String

        @OptionGroup var principal: PrincipalOptions
        @OptionGroup var target: RoleTarget

        func perform() async throws {
            try await target.finish { server throws(RoleScriptError) in
                try RoleScript.refreshing(name, to: principal.principal, asAdministrator: principal.admin, on: server)
            }
        }
    }

    /// `passgres role sync`.
    struct Sync: Subcommand {
        static let configuration = CommandConfiguration(
            abstract: "Bring the roles of groups' members in step with the directory at once.",
            discussion:
                "For a Flexible Server with pgaadauth.enable_group_sync, which does so every half hour by itself.")

        @OptionGroup var target: RoleTarget

        func perform() async throws {
            try await target.finish { server throws(RoleScriptError) in
                try RoleScript.synchronisingGroups(on: server)
            }
        }
    }
}
