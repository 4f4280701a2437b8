extension RoleScript {
    /// Maps a role that is there already to a principal; it keeps what it owns and may do.
    ///
    /// On Flexible Server by the security label of the provider `pgaadauth`, for which the principal has to be given; on
    /// Single Server by membership in `azure_ad_user`, and a service by its client id too. Throws ``RoleScriptError`` for
    /// names and numbers no server takes, without a principal on Flexible Server, and for an administrator on Single Server.
    public static func mapping(
        _ name: String, to principal: RoleDefinition.Principal? = nil, asAdministrator isAdministrator: Bool = false,
        on server: Server
    ) throws(RoleScriptError) -> RoleScript {
        let statements = try mappingStatements(name, principal, isAdministrator, server)
        return RoleScript(text: header(server) + statements.setting + statements.mapping, warnings: warnings(name))
    }

    /// Renews the mapping of a role whose principal was deleted and made again, and so has another object id.
    ///
    /// Takes the old mapping away and sets the new one, both or neither. Throws as
    /// ``mapping(_:to:asAdministrator:on:)`` does.
    public static func refreshing(
        _ name: String, to principal: RoleDefinition.Principal? = nil, asAdministrator isAdministrator: Bool = false,
        on server: Server
    ) throws(RoleScriptError) -> RoleScript {
        let statements = try mappingStatements(name, principal, isAdministrator, server)
        let role = SQLText.identifier(name)
        let removal =
            switch server {
            case .flexible: "SECURITY LABEL FOR \"pgaadauth\" ON ROLE \(role) IS NULL;\n"
            case .single: "REVOKE azure_ad_user FROM \(role);\n"
            }
        var warnings = warnings(name)
        if server == .flexible {
            if !isAdministrator {
                warnings.append("the new mapping makes no administrator of the server; if the role is one, add --admin")
            }
            warnings.append(
                "a mapping does not say that a second factor is demanded; if the role was made with --mfa, see role list"
                    + " afterwards")
        }
        return RoleScript(
            text: header(server) + statements.setting + "BEGIN;\n" + removal + statements.mapping + "COMMIT;\n",
            warnings: warnings)
    }

    /// Brings the roles of the members of groups in step with the directory, on a server with
    /// `pgaadauth.enable_group_sync`, which otherwise does so every half hour.
    ///
    /// Throws ``RoleScriptError`` for Single Server, which has no such thing.
    public static func synchronisingGroups(on server: Server) throws(RoleScriptError) -> RoleScript {
        guard server == .flexible else { throw RoleScriptError("Single Server synchronises no members of groups") }
        return RoleScript(
            text: header(server) + "SELECT * FROM pg_catalog.pgaadauth_sync_roles_for_group_members();\n", warnings: [])
    }

    private static func mappingStatements(
        _ name: String, _ principal: RoleDefinition.Principal?, _ isAdministrator: Bool, _ server: Server
    ) throws(RoleScriptError) -> (setting: String, mapping: String) {
        try RoleDefinition(name, principal: principal).check()
        let role = SQLText.identifier(name)
        switch server {
        case .flexible:
            guard let principal else {
                throw RoleScriptError("Flexible Server maps a role by the kind and the object id of a principal")
            }
            let label =
                "aadauth,oid=\(principal.objectID),type=\(principal.kind.rawValue)"
                + (isAdministrator ? ",admin" : "")
            return ("", "SECURITY LABEL FOR \"pgaadauth\" ON ROLE \(role) IS \(SQLText.literal(label));\n")
        case .single:
            guard !isAdministrator else { throw RoleScriptError("Single Server names its administrator outside SQL") }
            guard let principal, principal.kind == .service else { return ("", "GRANT azure_ad_user TO \(role);\n") }
            // What stands in the place of the password is the application's client id and no secret.
            let password = "ALTER ROLE \(role) PASSWORD \(SQLText.literal(principal.objectID));\n"
            return ("SET aad_validate_oids_in_tenant = off;\n", password + "GRANT azure_ad_user TO \(role);\n")
        }
    }
}
