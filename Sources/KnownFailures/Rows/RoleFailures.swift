extension FailureTable {
    /// What the server says of roles, databases and sessions.
    static let roles: [Failure] = [
        Failure(
            "R01", "The server refuses role and password",
            seenAs: [
                "FATAL: password authentication failed for user{user}",
                "password authentication failed for user{user}", "LDAP authentication failed for user{user}", "28P01",
                "invalid_authorization_specification",
            ],
            sqlStates: ["28P01", "28000"], weight: .symptom,
            cause: """
                The server knows no such Entra role, or the token belongs to somebody else, or what was sent is no token. \
                A role made by plain CREATE ROLE is none of Entra's: it wants its own password, and this was another.
                """,
            remedy: """
                Run passgres doctor with the same connection: it compares the token with {user}. If the role is \
                missing, make it with passgres role create {user}.
                """,
            checks: [.environment, .passwordFile, .token, .login]),
        Failure(
            "R02", "There is no such role",
            seenAs: [
                "FATAL: role{user} does not exist", "login failed…role{user} does not exist",
                "role{user} does not exist",
            ],
            sqlStates: ["42704"],
            cause: "The server has no role of the name {user}, spelled exactly so.",
            remedy: "As an Entra administrator, in database postgres: passgres role create {user}.",
            checks: [.token, .login]),
        Failure(
            "R03", "The user is not spelled as the role is",
            cause: """
                The role's name is compared byte for byte: case, blanks and #EXT# count, and it is neither a client id \
                nor an object id.
                """,
            remedy: "Connect with user={role}, the name in the token, or with the name the role was made with.",
            checks: [.token]),
        Failure(
            "R04", "Single Server wants its name in the user's",
            seenAs: ["Username should be in <username@hostname> format", "invalid Username specified"],
            sqlStates: ["28000"],
            cause: "A Single Server takes users as name@server, a person as name@domain@server.",
            remedy: "Append @ and the first part of the host's name; Flexible Server takes no such suffix.",
            checks: [.token]),
        Failure(
            "R05", "The name is cut", seenAs: ["identifier{role} will be truncated to", "will be truncated to"],
            sqlStates: ["42622"],
            cause: "PostgreSQL keeps 63 bytes of a name; a guest's name with #EXT# passes that.",
            remedy: """
                Make the role with a short name and the object id: passgres role create NAME --type user --object-id OID.
                """,
            checks: [.token]),
        Failure(
            "R06", "The role belongs to somebody who is gone",
            cause: """
                A role is tied to an object id. Who was deleted and made again under the same name has another one, and \
                who was deleted can log in until the token ends.
                """,
            remedy:
                "Renew its mapping: passgres role refresh {role} --type TYPE --object-id OID, with the new object id.",
            checks: [.token]),
        Failure(
            "R07", "The group's members are not in step",
            seenAs: ["pgaadauth_sync_roles_for_group_members"],
            cause:
                "With group synchronisation on, members log in under names of their own, at most half an hour behind.",
            remedy: """
                As an Entra administrator, passgres role sync --apply dbname=postgres; then log in under your own name.
                """,
            checks: [.login]),
        Failure(
            "R08", "The server takes no connection without TLS",
            seenAs: [
                "no pg_hba.conf entry for host{address}, user{user}, database{database}, no encryption",
                "no pg_hba.conf entry…SSL off", "no pg_hba.conf entry…no encryption",
                "pg_hba.conf rejects connection…no encryption", "pg_hba.conf rejects connection…SSL off",
                "connection requires a valid SSL", "SSL connection is required", "SSL required",
            ],
            sqlStates: ["28000", "08P01"], weight: .consequence,
            cause: "The connection came without TLS, and the server wants TLS.",
            aside: """
                Misleading: after the first refusal libpq tried once more, without TLS, because sslmode allows it. The \
                first line names the trouble.
                """,
            remedy: "Set sslmode=verify-full; then this line never shows, and no token is sent in clear.",
            checks: [.tls]),
        Failure(
            "R09", "The server lets nobody in from here",
            seenAs: [
                "no pg_hba.conf entry for host{address}, user{user}, database{database}, SSL encryption",
                "no pg_hba.conf entry for host{address}, user{user}, database{database}, SSL on",
                "pg_hba.conf rejects connection for host{address}, user{user}, database{database}, SSL encryption",
                "pg_hba.conf rejects connection for host{address}, user{user}, database{database}, SSL on",
            ],
            sqlStates: ["28000"],
            cause: "The server's firewall or its pg_hba.conf does not admit {address}.",
            remedy: "Add a firewall rule for {address}, or connect from the server's private network.",
            checks: [.name, .reach, .login]),
        Failure(
            "R10", "There is no such database", seenAs: ["database{database} does not exist"], sqlStates: ["3D000"],
            cause: "No database is named {database}. Without dbname, libpq takes the user's name for it.",
            remedy: "Name the database: dbname=postgres, or the one you mean.", checks: [.login]),
        Failure(
            "R11", "The server has no connection left",
            seenAs: [
                "too many clients already", "remaining connection slots are reserved", "too many connections for role",
                "too many connections for database",
            ],
            sqlStates: ["53300"],
            cause: "All the server's connections are in use.",
            remedy: "Close idle sessions, use a pooler, or raise max_connections; then try again.", checks: [.login]),
        Failure(
            "R12", "The server is starting or stopping",
            seenAs: [
                "the database system is starting up", "the database system is shutting down",
                "the database system is in recovery mode", "not yet accepting connections",
                "terminating connection due to administrator command",
            ], sqlStates: ["57P03", "57P01"],
            cause: "The server is restarting or failing over.",
            remedy: "Try again in a minute; programs should try again by themselves.", checks: [.login]),
        Failure(
            "R13", "The role may not log in", seenAs: ["role{user} is not permitted to log in"], sqlStates: ["28000"],
            cause: "The role {user} is NOLOGIN, as roles of synchronised groups are.",
            remedy: #"Log in under the member's own name, or, as an administrator: ALTER ROLE "{user}" LOGIN."#,
            checks: [.login]),
        Failure(
            "R14", "The database does not let the role in",
            seenAs: ["permission denied for database{database}", "User does not have CONNECT privilege"],
            sqlStates: ["42501"],
            cause: "The role lacks the privilege CONNECT on {database}.",
            remedy: #"As the owner: GRANT CONNECT ON DATABASE "{database}" TO "{user}"."#, checks: [.login]),
        Failure(
            "R15", "The role may not touch the object",
            seenAs: [
                "permission denied for schema", "permission denied for table", "permission denied for relation",
                "permission denied for sequence", "must be owner of",
            ],
            sqlStates: ["42501"],
            cause: "The login worked; the role has no right on the object. A fresh role owns and may nothing.",
            remedy: """
                Grant it: passgres role create {role} --database DATABASE --schema SCHEMA prints the statements too.
                """),
        Failure(
            "R16", "The user's name is an id",
            cause:
                "A client id or object id stands where the role's name has to stand; no claim of the token is the role.",
            remedy: "Connect with the name of the application or identity: user=NAME.", checks: [.token]),
        Failure(
            "R17", "No user is named",
            seenAs: ["no PostgreSQL user name specified in startup packet", "no user was named"], sqlStates: ["28000"],
            cause: "Neither the connection nor the token says which role is meant.",
            remedy: "Name it: user=NAME, or PGUSER.", checks: [.connection, .token]),
        Failure(
            "R18", "The session was ended for being idle",
            seenAs: ["terminating connection due to idle", "SSL connection has been closed unexpectedly"],
            sqlStates: ["57P05", "25P03"], weight: .symptom,
            cause:
                "The server, a pooler or a firewall in between ended the session; or the password was longer than it takes.",
            remedy:
                "Connect again; set keepalives_idle below the idle limit. A token over 65,530 bytes fits no server.",
            checks: [.length]),
        Failure(
            "R19", "The server's own login for Entra is broken",
            seenAs: ["cannot read pg_class without having selected a database"],
            cause: """
                Azure's check of a token looks into a catalogue before a database is chosen, which PostgreSQL 18 does \
                not allow: seen after servers were upgraded to 18. Token and role are right.
                """,
            remedy: "Have Azure's support mend the server; no other token and no other connection helps.",
            checks: [.login]),
    ]
}
