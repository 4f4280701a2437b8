import CommandCredentials
import FoundationEssentials
import PostgresCredentials
import TokenCredentials

/// What an administrator sees of one role: read with psql, over a connection of the administrator's own.
struct RoleCatalogue: Equatable {
    struct Role: Equatable {
        let name: String
        let mayLogIn: Bool
    }

    struct Mapping: Equatable {
        let role: String
        /// `user`, `group` or `service`.
        let kind: String
        let objectID: String
    }

    /// The role of that name, and those that differ from it in case only.
    var roles: [Role] = []
    var mappings: [Mapping] = []
    /// Whether the server could list mappings at all.
    var hasMappings = false
    var synchronisesGroups = false

    private static let separator = "\u{1f}"

    /// Each statement fails by itself; what a stock PostgreSQL does not have is simply not there.
    private static let script = #"""
        select 'role', rolname, rolcanlogin from pg_roles where lower(rolname) = lower(:'user');
        select 'sync', setting from pg_settings where name = 'pgaadauth.enable_group_sync';
        select 'mapping', rolename, principaltype, objectid from pgaadauth_list_principals(false);
        select 'mappings';

        """#

    /// Reads rows as psql prints them, unaligned.
    init(rows: String) {
        for line in rows.split(separator: "\n") {
            let fields = line.split(separator: Self.separator, omittingEmptySubsequences: false).map(String.init)
            switch (fields[0], fields.count) {
            case ("role", 3): roles.append(Role(name: fields[1], mayLogIn: fields[2] == "t"))
            case ("sync", 2): synchronisesGroups = ["on", "true", "1"].contains(fields[1].lowercased())
            case ("mapping", 4):
                mappings.append(Mapping(role: fields[1], kind: fields[2].lowercased(), objectID: fields[3]))
                hasMappings = true
            default: break
            }
        }
    }

    /// Asks the server. Throws ``CommandFailure`` with psql's own words, less any secret, if that does not work.
    static func read(
        user: String, as administrator: ConnectionInfo, _ environment: ProcessEnvironment,
        commands: any CommandRunner = SubprocessRunner()
    ) async throws -> RoleCatalogue {
        guard administrator.origin(of: "password") != .explicit else {
            throw CommandFailure(.usage, "put the administrator's password into a password file, not the connection")
        }
        guard let psql = commands.location(of: "psql", in: environment).path else {
            throw CommandFailure(.notFound, "psql is not on the PATH")
        }
        var variables = ChildEnvironment(environment, administrator).dictionary
        for name in ["PGPASSWORD", "PGPASSFILE"] { variables[name] = environment[name] }
        let secrets = try SecretSettings(of: administrator.withoutPassword, in: environment)
        defer { secrets?.remove() }
        variables.merge(secrets?.variables ?? [:]) { $1 }
        let output: CommandOutput
        do throws(CommandError) {
            output = try await commands.run(
                Command(
                    psql, ["-X", "-q", "-A", "-t", "-F", separator, "-v", "user=\(user)"], variables: variables,
                    input: script, timeLimit: .seconds(10)))
        } catch {
            throw CommandFailure(.temporary, "psql \(error)")
        }
        let rows = String(decoding: output.output, as: UTF8.self)
        guard output.isSuccess else {
            let words = String(decoding: output.errorOutput, as: UTF8.self).split(separator: "\n").first ?? ""
            throw CommandFailure(.refused, "the administrator cannot connect: \(words)")
        }
        return RoleCatalogue(rows: rows)
    }
}
