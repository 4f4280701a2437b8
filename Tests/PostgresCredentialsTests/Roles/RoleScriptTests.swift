import Testing

@testable import PostgresCredentials

@Suite struct `A script for a role` {
    let id = "7e57ab1e-0000-4000-8000-0000000000c2"

    func lines(_ script: RoleScript) -> [String] {
        script.text.split(separator: "\n").map(String.init).filter { !$0.hasPrefix("--") && $0 != Self.entrance }
    }

    private static let entrance = "\\connect -reuse-previous=on \"dbname='postgres'\""

    @Test func `begins in the only database of Flexible Server that has its functions`() throws {
        for script in [
            try RoleScript.creating(RoleDefinition("r"), on: .flexible), .listing(on: .flexible),
            try .dropping("r", on: .flexible),
        ] {
            #expect(script.text.split(separator: "\n").first { !$0.hasPrefix("--") } == Self.entrance[...])
        }
        #expect(try !RoleScript.creating(RoleDefinition("r"), on: .single).text.contains("\\connect"))
    }

    @Test func `lets Flexible Server look the name up, or ties it to an object id`() throws {
        #expect(
            lines(try .creating(RoleDefinition("ada@contoso.example"), on: .flexible))
                == ["SELECT pg_catalog.pgaadauth_create_principal('ada@contoso.example', false, false);"])
        var role = RoleDefinition("api", principal: .init(.service, objectID: id), rights: .administrator)
        role.demandsMultifactor = true
        #expect(
            lines(try .creating(role, on: .flexible))
                == [
                    "SELECT pg_catalog.pgaadauth_create_principal_with_oid('api', '\(id)', 'service', true, true);"
                ])
    }

    @Test func `makes Single Server's roles members of azure_ad_user`() throws {
        #expect(
            lines(try .creating(RoleDefinition("Prod DB"), on: .single))
                == ["CREATE ROLE \"Prod DB\" LOGIN IN ROLE azure_ad_user;"])
        let service = RoleDefinition("api", principal: .init(.service, objectID: id))
        #expect(
            lines(try .creating(service, on: .single))
                == [
                    "SET aad_validate_oids_in_tenant = off;",
                    "CREATE ROLE \"api\" LOGIN PASSWORD '\(id)' IN ROLE azure_ad_user;",
                ])
        #expect(try RoleScript.creating(service, on: .single).warnings == [])
        let group = RoleDefinition("Prod DB", principal: .init(.group, objectID: id))
        #expect(lines(try .creating(group, on: .single)) == ["CREATE ROLE \"Prod DB\" LOGIN IN ROLE azure_ad_user;"])
        #expect(try RoleScript.creating(group, on: .single).warnings.contains { $0.contains("object id is not used") })
        #expect(try RoleScript.creating(group, on: .flexible).warnings == [])
        #expect(throws: RoleScriptError.self) {
            try RoleScript.creating(RoleDefinition("a", rights: .administrator), on: .single)
        }
    }

    @Test func `grants reading and no more, in the schemas named`() throws {
        let role = RoleDefinition("r", rights: .readOnly, database: "app", schemas: ["s\"1"])
        #expect(
            lines(try .creating(role, on: .flexible)).dropFirst()
                == [
                    "GRANT CONNECT ON DATABASE \"app\" TO \"r\";",
                    "\\connect -reuse-previous=on \"dbname='app'\"",
                    "GRANT USAGE ON SCHEMA \"s\"\"1\" TO \"r\";",
                    "GRANT SELECT ON ALL TABLES IN SCHEMA \"s\"\"1\" TO \"r\";",
                    "ALTER DEFAULT PRIVILEGES IN SCHEMA \"s\"\"1\" GRANT SELECT ON TABLES TO \"r\";",
                ])
        let writer = try RoleScript.creating(RoleDefinition("r", database: "app"), on: .flexible)
        #expect(writer.text.contains("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA \"public\""))
    }

    @Test(arguments: [
        ("\u{600}\\'); DROP ROLE a; --", "E'\u{600}\\\\''); DROP ROLE a; --'"), ("a\\\u{301}b", "E'a\\\\\u{301}b'"),
        ("\u{600}'\u{301}; --", "'\u{600}''\u{301}; --'"),
    ])
    func `doubles marks that readers take for a part of a longer character`(_ name: String, _ literal: String) throws {
        let text = try RoleScript.creating(RoleDefinition(name), on: .flexible).text
        // By bytes, as the server reads it.
        let call = Array("SELECT pg_catalog.pgaadauth_create_principal(\(literal), false, false);\n".utf8)
        #expect(Array(text.utf8).suffix(call.count) == call[...], "\(text)")
    }

    @Test func `quotes whatever a name holds`() throws {
        let role = RoleDefinition("a'b\"c\\d;--$$", database: "d'e\"f\\g=h")
        let text = try RoleScript.creating(role, on: .flexible).text
        #expect(text.contains("(E'a''b\"c\\\\d;--$$', false"))
        #expect(text.contains("DATABASE \"d'e\"\"f\\g=h\" TO \"a'b\"\"c\\d;--$$\""))
        #expect(text.contains("\\connect -reuse-previous=on \"dbname='d\\'e\"\"f\\\\g=h'\""))
    }

    @Test func `drops a role after what it owns has another owner`() throws {
        #expect(lines(try .dropping("r", on: .flexible)) == ["DROP ROLE \"r\";"])
        let cleaned = lines(try .dropping("r", cleaning: ["app"], on: .flexible))
        #expect(cleaned.first == "GRANT \"r\" TO CURRENT_USER;" && cleaned.last == "DROP ROLE \"r\";")
        #expect(cleaned.firstIndex(of: "REASSIGN OWNED BY \"r\" TO CURRENT_USER;") == 2)
    }

    @Test func `maps a role that is there by a label, or by membership`() throws {
        let service = RoleDefinition.Principal(.service, objectID: id)
        #expect(
            lines(try .mapping("a'b\"c\\", to: service, on: .flexible))
                == [#"SECURITY LABEL FOR "pgaadauth" ON ROLE "a'b""c\" IS 'aadauth,oid=\#(id),type=service';"#])
        #expect(
            lines(try .mapping("r", to: .init(.group, objectID: id), asAdministrator: true, on: .flexible))
                == [#"SECURITY LABEL FOR "pgaadauth" ON ROLE "r" IS 'aadauth,oid=\#(id),type=group,admin';"#])
        #expect(lines(try .mapping("Prod DB", on: .single)) == ["GRANT azure_ad_user TO \"Prod DB\";"])
        #expect(
            lines(try .mapping("r", to: service, on: .single))
                == [
                    "SET aad_validate_oids_in_tenant = off;", "ALTER ROLE \"r\" PASSWORD '\(id)';",
                    "GRANT azure_ad_user TO \"r\";",
                ])
        #expect(throws: RoleScriptError.self) { try RoleScript.mapping("r", on: .flexible) }
        #expect(throws: RoleScriptError.self) { try RoleScript.mapping("r", asAdministrator: true, on: .single) }
    }

    @Test func `renews a mapping in one transaction`() throws {
        let person = RoleDefinition.Principal(.user, objectID: id)
        #expect(
            lines(try .refreshing("a\"b", to: person, on: .flexible))
                == [
                    "BEGIN;", #"SECURITY LABEL FOR "pgaadauth" ON ROLE "a""b" IS NULL;"#,
                    #"SECURITY LABEL FOR "pgaadauth" ON ROLE "a""b" IS 'aadauth,oid=\#(id),type=user';"#, "COMMIT;",
                ])
        #expect(
            lines(try .refreshing("a\"b", on: .single))
                == ["BEGIN;", #"REVOKE azure_ad_user FROM "a""b";"#, #"GRANT azure_ad_user TO "a""b";"#, "COMMIT;"])
        #expect(
            lines(try .refreshing("r", to: .init(.service, objectID: id), on: .single)).prefix(3)
                == ["SET aad_validate_oids_in_tenant = off;", "BEGIN;", #"REVOKE azure_ad_user FROM "r";"#])
        let warnings = try RoleScript.refreshing("r", to: person, on: .flexible).warnings
        #expect(warnings.contains { $0.contains("--admin") } && warnings.contains { $0.contains("--mfa") })
        let administrator = try RoleScript.refreshing("r", to: person, asAdministrator: true, on: .flexible)
        #expect(!administrator.warnings.contains { $0.contains("--admin") })
        #expect(throws: RoleScriptError.self) { try RoleScript.refreshing("r", on: .flexible) }
    }

    @Test func `brings the members of groups in step`() throws {
        #expect(
            lines(try .synchronisingGroups(on: .flexible))
                == ["SELECT * FROM pg_catalog.pgaadauth_sync_roles_for_group_members();"])
        #expect(throws: RoleScriptError.self) { try RoleScript.synchronisingGroups(on: .single) }
    }

    @Test(arguments: ["", "a\0b", "a\nb"])
    func `refuses names that no role has`(name: String) {
        #expect(throws: RoleScriptError.self) { try RoleScript.creating(RoleDefinition(name), on: .flexible) }
        #expect(throws: RoleScriptError.self) { try RoleScript.dropping(name, on: .flexible) }
        #expect(throws: RoleScriptError.self) { try RoleScript.mapping(name, on: .single) }
        #expect(throws: RoleScriptError.self) { try RoleScript.refreshing(name, on: .single) }
        #expect(throws: RoleScriptError.self) {
            try RoleScript.creating(RoleDefinition("r", database: name), on: .flexible)
        }
    }

    @Test(arguments: ["public", "none"])
    func `refuses the names by which SQL means everybody and nobody, in quotes too`(name: String) throws {
        #expect(throws: RoleScriptError.self) { try RoleScript.creating(RoleDefinition(name), on: .single) }
        #expect(throws: RoleScriptError.self) { try RoleScript.dropping(name, on: .flexible) }
        _ = try RoleScript.creating(RoleDefinition("Public", database: name, schemas: [name]), on: .flexible)
    }

    @Test func `warns of a name that PostgreSQL cuts, and refuses an id that is none`() throws {
        let long = String(repeating: "x", count: 64)
        #expect(try RoleScript.creating(RoleDefinition(long), on: .flexible).warnings.count == 1)
        #expect(try RoleScript.creating(RoleDefinition(String(long.dropLast())), on: .flexible).warnings == [])
        for id in ["", "x", "7e57ab1e-0000-4000-8000-0000000000c", "7e57ab1e00004000800000000000000c2'"] {
            #expect(throws: RoleScriptError.self) {
                try RoleScript.creating(RoleDefinition("r", principal: .init(.user, objectID: id)), on: .flexible)
            }
            #expect(throws: RoleScriptError.self) {
                try RoleScript.mapping("r", to: .init(.user, objectID: id), on: .flexible)
            }
        }
    }
}
