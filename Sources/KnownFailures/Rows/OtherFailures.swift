extension FailureTable {
    /// What belongs to other clouds, and to other ways of logging in.
    static let others: [Failure] = [
        Failure(
            "X01", "This is another cloud",
            seenAs: ["PAM authentication failed for user{user}", "Cloud SQL IAM…authentication failed for user{user}"],
            sqlStates: [],
            cause: "The server is Amazon's or Google's, or asks a PAM module; it takes tokens of its own kind.",
            remedy: "Use that cloud's tool; passgres brings tokens of Microsoft Entra."),
        Failure(
            "X02", "The server wants SCRAM",
            seenAs: [
                "SCRAM authentication requires", "User does not have a valid SCRAM secret",
                "none of the server's SASL authentication mechanisms",
            ],
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
    ]
}
