extension FailureTable {
    /// What happens while roles are made.
    static let administration: [Failure] = [
        Failure(
            "A01", "The directory has no such name",
            seenAs: [
                "Could not validate…user{role} because its name is not found",
                "because its name is not found in the tenant",
            ],
            cause: "The name {role} is misspelled, too new to be known, or of another directory.",
            remedy: """
                Use the user principal name of a person, the display name of everything else, or make the role by \
                object id: passgres role create {role} --type TYPE --object-id OID, TYPE being user, group or service.
                """),
        Failure(
            "A02", "The directory has that name twice",
            seenAs: [
                "user{role} because its name isn't unique", "name isn't unique in the tenant",
                "name is not unique in the tenant",
            ],
            cause: "Several principals are named {role}.",
            remedy: """
                Make the role by object id: passgres role create {role} --type TYPE --object-id OID, TYPE being user, \
                group or service.
                """),
        Failure(
            "A03", "The functions are in another database",
            seenAs: [
                "function pgaadauth_…does not exist", "function pg_catalog.pgaadauth_…does not exist",
                "pgaadauth_create_principal(unknown",
                "function{function}…pgaadauth…does not exist",
            ],
            sqlStates: ["42883"],
            cause:
                "The functions named pgaadauth exist in the database postgres alone, and with Entra authentication on.",
            remedy: "Connect to dbname=postgres. If that is where you are, the server knows no Entra (A09).",
            checks: [.login]),
        Failure(
            "A04", "The server may not look into the directory",
            seenAs: ["unexpected error occurred while trying to validate user"], sqlStates: ["0LP01"],
            cause: "The server's identity, or the service principal that is connected, may not read the directory.",
            remedy:
                """
                Make the role by object id (passgres role create NAME --type service --object-id OID), or as a person who \
                is administrator.
                """
        ),
        Failure(
            "A05", "The statement is for Single Server",
            seenAs: [
                "role \"azure_ad_user\" does not exist",
                "unrecognized configuration parameter \"aad_validate_oids_in_tenant\"",
            ],
            cause: "Flexible Server has no role azure_ad_user.",
            remedy: "Use passgres role create NAME, which writes the form for Flexible Server."),
        Failure(
            "A06", "A login is on record", seenAs: ["ID connection authorized", "connection authorized: user="],
            weight: .record,
            cause: "This line of the server's log records a login that worked, with the token's identity.",
            remedy: "Nothing is to be done; auditors find the identity by the session's id."),
        Failure(
            "A07", "Only an Entra administrator may do this",
            seenAs: [
                "permission denied for function pgaadauth", "must be a member of the role \"azure_pg_admin\"",
                "only Azure AD admin", "permission denied to create role",
            ],
            sqlStates: ["42501"],
            cause: "Roles for Entra are made by an Entra administrator of the server, not by the server's first login.",
            remedy: "Connect as that administrator with a token: passgres psql dbname=postgres."),
        Failure(
            "A08", "The role is there already", seenAs: ["role{role} already exists"], sqlStates: ["42710"],
            cause: "A role {role} exists; it may be a plain one without a mapping.",
            remedy: """
                Map it: passgres role map {role} --type TYPE --object-id OID, TYPE being user, group or service. If its \
                principal was made again, renew that: passgres role refresh {role} --type TYPE --object-id OID.
                """),
        Failure(
            "A09", "The server knows no Entra",
            seenAs: ["security label provider{setting} is not loaded", "\"pgaadauth\" is not loaded"],
            cause: "This is no Azure server, or Entra authentication is switched off there.",
            remedy: "Switch Microsoft Entra authentication on in the server's settings, and name an administrator."),
    ]
}
