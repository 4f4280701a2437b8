/// SQL, for psql, that makes, maps, lists or drops roles which log in by token.
public struct RoleScript: Hashable, Sendable {
    /// The kind of server, which decides how a role is tied to a principal.
    public enum Server: String, CaseIterable, Sendable {
        /// Azure Database for PostgreSQL, Flexible Server.
        case flexible
        /// Azure Database for PostgreSQL, Single Server.
        case single
    }

    /// The script. Holds no secret.
    public let text: String
    /// What may go wrong, each a sentence.
    public let warnings: [String]

    /// Makes a role, with no more rights than its definition asks for.
    ///
    /// Throws ``RoleScriptError`` for names and numbers no server takes.
    public static func creating(_ role: RoleDefinition, on server: Server) throws(RoleScriptError) -> RoleScript {
        try role.check()
        let statement = server == .flexible ? flexible(role) : try single(role)
        var warnings = warnings(role.name)
        if server == .single, let principal = role.principal, principal.kind != .service {
            warnings.append(
                "Single Server finds a \(principal.kind.rawValue) by its name; the object id is not used.")
        }
        return RoleScript(text: header(server) + statement + grants(role), warnings: warnings)
    }

    /// Lists the roles that are tied to a principal.
    public static func listing(on server: Server) -> RoleScript {
        let statement =
            switch server {
            case .flexible: "SELECT * FROM pg_catalog.pgaadauth_list_principals(false);\n"
            case .single:
                """
                SELECT member.rolname FROM pg_catalog.pg_auth_members AS link
                  JOIN pg_catalog.pg_roles AS member ON member.oid = link.member
                  JOIN pg_catalog.pg_roles AS parent ON parent.oid = link.roleid
                  WHERE parent.rolname = 'azure_ad_user' ORDER BY 1;

                """
            }
        return RoleScript(text: header(server) + statement, warnings: [])
    }

    /// Drops a role. What it owns in the databases named becomes the property of whoever runs the script.
    ///
    /// Throws ``RoleScriptError`` for names no server takes.
    public static func dropping(
        _ name: String, cleaning databases: [String] = [], on server: Server
    ) throws(RoleScriptError) -> RoleScript {
        try RoleDefinition.check(name, "role")
        let role = SQLText.identifier(name)
        var text = header(server)
        if !databases.isEmpty { text += "GRANT \(role) TO CURRENT_USER;\n" }
        for database in databases {
            try RoleDefinition.check(database, "database")
            text += SQLText.connect(to: database) + "\n"
            text += "REASSIGN OWNED BY \(role) TO CURRENT_USER;\nDROP OWNED BY \(role);\n"
        }
        if !databases.isEmpty { text += SQLText.connect(to: "postgres") + "\n" }
        return RoleScript(text: text + "DROP ROLE \(role);\n", warnings: warnings(name))
    }

    static func header(_ server: Server) -> String {
        switch server {
        // The functions for principals are in that database and in no other.
        case .flexible:
            "-- For psql, as a Microsoft Entra administrator of the server.\n"
                + SQLText.connect(to: "postgres") + "\n"
        case .single: "-- For psql, as the Microsoft Entra administrator of the server.\n"
        }
    }

    private static func flexible(_ role: RoleDefinition) -> String {
        let name = SQLText.literal(role.name)
        let flags = "\(role.rights == .administrator), \(role.demandsMultifactor)"
        guard let principal = role.principal else {
            return "SELECT pg_catalog.pgaadauth_create_principal(\(name), \(flags));\n"
        }
        return "SELECT pg_catalog.pgaadauth_create_principal_with_oid(\(name), "
            + "\(SQLText.literal(principal.objectID)), \(SQLText.literal(principal.kind.rawValue)), \(flags));\n"
    }

    private static func single(_ role: RoleDefinition) throws(RoleScriptError) -> String {
        guard role.rights != .administrator, !role.demandsMultifactor else {
            throw RoleScriptError("Single Server names its administrator outside SQL and knows no --mfa")
        }
        let name = SQLText.identifier(role.name)
        guard let principal = role.principal, principal.kind == .service else {
            return "CREATE ROLE \(name) LOGIN IN ROLE azure_ad_user;\n"
        }
        // What stands in the place of the password is the application's client id and no secret.
        return """
            SET aad_validate_oids_in_tenant = off;
            CREATE ROLE \(name) LOGIN PASSWORD \(SQLText.literal(principal.objectID)) IN ROLE azure_ad_user;

            """
    }

    private static func grants(_ role: RoleDefinition) -> String {
        guard let database = role.database else { return "" }
        let name = SQLText.identifier(role.name)
        var text = "GRANT CONNECT ON DATABASE \(SQLText.identifier(database)) TO \(name);\n"
        text += SQLText.connect(to: database) + "\n"
        let rights = role.rights == .readOnly ? "SELECT" : "SELECT, INSERT, UPDATE, DELETE"
        for schema in role.schemas.isEmpty ? ["public"] : role.schemas {
            let schema = SQLText.identifier(schema)
            text += "GRANT USAGE ON SCHEMA \(schema) TO \(name);\n"
            text += "GRANT \(rights) ON ALL TABLES IN SCHEMA \(schema) TO \(name);\n"
            text += "ALTER DEFAULT PRIVILEGES IN SCHEMA \(schema) GRANT \(rights) ON TABLES TO \(name);\n"
            guard role.rights != .readOnly else { continue }
            text += "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA \(schema) TO \(name);\n"
            text += "ALTER DEFAULT PRIVILEGES IN SCHEMA \(schema) GRANT USAGE, SELECT ON SEQUENCES TO \(name);\n"
        }
        return text
    }

    static func warnings(_ name: String) -> [String] { RoleName.warnings(for: name) }
}
