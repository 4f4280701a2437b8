extension FailureTable {
    /// What belongs to other clouds, and to other ways of logging in.
    static let others: [Failure] = [
        Failure(
            "X01", "This is another cloud",
            seenAs: [
                "PAM authentication failed for user{user}", "Cloud SQL IAM…authentication failed for user{user}",
                "RDS Proxy supports only IAM",
            ],
            sqlStates: [],
            cause: "The server is Amazon's or Google's, or asks a PAM module; it takes tokens of its own kind.",
            remedy: "Use that cloud's tool; passgres brings tokens of Microsoft Entra."),
        Failure(
            "X02", "The server wants SCRAM",
            seenAs: ["SCRAM authentication requires", "User does not have a valid SCRAM secret"],
            cause:
                "The server asks for an ordinary password: the role is none of Entra's, or Entra authentication is off.",
            remedy: "Check that {user} is an Entra role; make it with passgres role create {user}.", checks: [.login]),
        Failure(
            "X03", "The server asks for GSSAPI or a certificate",
            seenAs: [
                "could not initiate GSSAPI security context", "connection requires a valid client certificate",
                "GSSAPI continuation error",
            ],
            cause: "The server wants another proof than a password.",
            remedy: "Set gssencmode=disable, and check that host is the server that is meant.", checks: [.login]),
        Failure(
            "X04", "The server asks for MD5",
            seenAs: ["MD5 authentication is not supported", "password authentication method md5"],
            cause: "The server asks for an ordinary password in MD5: the role is none of Entra's.",
            remedy: "Make it one: passgres role create {user}.", checks: [.login]),
        Failure(
            "X05", "The server asks for an OAuth token",
            seenAs: [
                "none of the server's SASL authentication mechanisms",
                "server requires OAuth authentication, but oauth_issuer",
            ],
            cause: """
                The line of pg_hba.conf for this login has the method oauth, which libpq speaks from version 18 on, and \
                only with an issuer named.
                """,
            remedy: """
                Use libpq 18 with oauth_issuer and oauth_client_id, or have the line changed to a method that takes the \
                token as a password; Azure's own servers take it so.
                """,
            checks: [.libpq, .login]),
        Failure(
            "X06", "libpq has no way to get an OAuth token", seenAs: ["no OAuth flows are available"],
            cause: "The server asks for an OAuth token, and the part of libpq that signs a person in is not installed.",
            remedy: "Install it: apt install libpq-oauth.", checks: [.libpq]),
    ]
}
