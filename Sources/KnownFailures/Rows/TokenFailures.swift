extension FailureTable {
    /// What the server says of a token it does not take.
    static let tokens: [Failure] = [
        Failure(
            "T01", "The token has expired", seenAs: ["access token has expired"],
            sqlStates: ["28000"],
            cause: """
                The token that was sent as the password is past its end: it was kept in a variable, a password file or a \
                pool for longer than it lives.
                """,
            remedy: """
                Take a new one just before connecting, with passgres psql, or keep the password file fresh with passgres \
                keep. In psql, \\c with a whole connection string takes the new password.
                """,
            checks: [.environment, .passwordFile, .token]),
        Failure(
            "T02", "The token is not whole", seenAs: ["access token has invalid format"], sqlStates: ["28000"],
            cause: """
                What was sent is not the token as it was issued: quotes, braces, a whole JSON document, the word Bearer, \
                a line end, or a piece cut off.
                """,
            remedy: "Use the output of passgres token as it is, and look for a client that cuts long passwords.",
            checks: [.passwordFile, .token, .libpq]),
        Failure(
            "T03", "The token is for something else",
            seenAs: ["not have a valid audience claim…for the resource{resource}", "not have a valid audience claim"],
            sqlStates: ["28000"],
            cause: "The token was issued for another service, or for another cloud than the server's.",
            remedy:
                "Leave --scope out, and check --cloud and AZURE_AUTHORITY_HOST: {host} decides what a token must be for.",
            checks: [.token]),
        Failure(
            "T04", "The token names nobody the server can know",
            seenAs: ["have a valid oid claim", "have a valid tid claim"], sqlStates: ["28000"],
            cause: "The token belongs to a personal account, or comes from another directory than the server's.",
            remedy:
                "Ask the directory the server belongs to: passgres login --tenant {tenant}, or set AZURE_TENANT_ID.",
            checks: [.token]),
        Failure(
            "T05", "The server cannot check the token",
            seenAs: ["error occurred while validating the access token", "failed to validate the access token"],
            sqlStates: ["28000"],
            cause: """
                What was sent for an Entra role is no token, such as an ordinary password, or the server cannot reach \
                Entra to check it.
                """,
            remedy: """
                Check that a token is sent (passgres doctor). If one is, let the server's network reach the service tag \
                AzureActiveDirectory.
                """,
            checks: [.environment, .passwordFile, .token]),
        Failure(
            "T06", "A person's token for the role of a service",
            seenAs: [
                "cannot generate AAD_AUTH_TOKENTYPE_APP_USER tokens for role{role}",
                "cannot generate AAD_AUTH_TOKENTYPE_APP_USER",
            ], sqlStates: ["28000"],
            cause: "The role {role} belongs to an application or a managed identity, and the token is a person's.",
            remedy: """
                Connect as that identity, or with the role of your own name. If the role was to be a person's, an \
                administrator maps it anew: passgres role refresh {role} --type user --object-id OID.
                """,
            checks: [.token]),
        Failure(
            "T07", "A service's token for the role of a person",
            seenAs: [
                "user token for role{role} is neither an AAD_AUTH_TOKENTYPE_APP_USER",
                "is neither an AAD_AUTH_TOKENTYPE_APP_USER",
            ], sqlStates: ["28000"],
            cause: "The role {role} belongs to a person, and the token is a managed identity's or an application's.",
            remedy: """
                Connect with the identity's own role, whose name is the identity's name: user=NAME. Without one, make \
                it with passgres role create NAME --type service --object-id OID.
                """,
            checks: [.token]),
        Failure(
            "T08", "The token does not hold the group",
            seenAs: [
                "access token not valid for role{role}…does not contain group ID{group}",
                "does not contain group ID{group}", "access token not valid for role{role}",
            ], sqlStates: ["28000"],
            cause: """
                The token's owner is no member of the group {group}, or the token is older than the membership, or its \
                owner is in so many groups that the token does not list them.
                """,
            remedy: "Check the membership, then sign in again and take a new token: passgres psql --no-cache.",
            checks: [.token]),
        Failure(
            "T09", "The token belongs to another principal",
            seenAs: ["oid mismatch for role{role}", "oid mismatch"], sqlStates: ["28000"],
            cause: """
                The role {role} was made for another object id than the token's: another identity is used, or the one \
                of that name was deleted and made anew.
                """,
            remedy: """
                Compare the token's oid (passgres explain) with the role's (passgres role list). If they are two \
                identities, use the other; if one was made again, passgres role refresh {role} --type TYPE --object-id OID.
                """,
            checks: [.token, .credential]),
        Failure(
            "T10", "The token is not valid yet",
            seenAs: ["access token is not yet valid", "token is not valid yet", "token used before issued"],
            cause: "The clock of this machine, or of what issued the token, runs ahead.",
            remedy: "Set the clock: timedatectl set-ntp true.", checks: [.clock, .token]),
        Failure(
            "T11", "The token is of another directory",
            seenAs: [
                "access token…tenant…does not match", "invalid issuer in the access token", "have a valid issuer",
            ],
            cause: "The token was issued by another directory than the one the server belongs to.",
            remedy: "Ask the server's directory: passgres psql --tenant {tenant}, or set AZURE_TENANT_ID.",
            checks: [.token]),
    ]
}
