extension FailureTable {
    /// What PgBouncer says.
    static let poolers: [Failure] = [
        Failure(
            "P01", "The token is longer than PgBouncer's packet buffer",
            seenAs: ["client sent partial pkt in startup phase"], sqlStates: ["08P01"],
            cause: "PgBouncer up to 1.25 takes passwords of 2,047 bytes at most, and the token is longer.",
            remedy: """
                Connect to the server's own port, 5432, or use PgBouncer 1.26 or later; an application's token is \
                shorter than a person's.
                """,
            checks: [.length]),
        Failure(
            "P02", "The token is too long for PgBouncer's auth file",
            seenAs: ["password too long in auth file", "empty password returned by client"], sqlStates: ["08P01"],
            cause: "An entry of the auth file of PgBouncer up to 1.25 holds 2,047 bytes; a longer one counts as none.",
            remedy: "Use a shorter token, of an application in fewer groups, or PgBouncer 1.26 or later.",
            checks: [.length]),
        Failure(
            "P03", "The pooler knows nothing of Entra",
            seenAs: [
                "08P01: password authentication failed", "password authentication failed…08P01",
                "FATAL: password authentication failed", "pooler error: password authentication failed",
                "ProtocolViolationError: password authentication failed",
            ],
            sqlStates: ["08P01"], weight: .symptom,
            cause: "The pooler checks passwords by itself and has none for this role.",
            remedy: "Try port 5432. The built-in pooler takes tokens on newer servers and not on the Burstable tier.",
            checks: [.length, .login]),
        Failure(
            "P04", "PgBouncer's own login to the server fails",
            seenAs: [
                "login failed: FATAL: password authentication failed for user{user}",
                "login failed: FATAL: password authentication failed",
                "server login failed: FATAL password authentication failed for user{user}", "S: login failed",
                "server login failed: FATAL", "cannot login to server",
            ],
            weight: .symptom,
            cause: "The password PgBouncer sends is outdated: it reads its auth file again only when told to.",
            remedy: """
                Renew the file and reload: passgres keep --pgbouncer-auth-file FILE --pgbouncer-pid-file FILE does both.
                """,
            checks: [.login]),
        Failure(
            "P05", "The pooler keeps the first token",
            cause: "A pooler that a service runs logs in with the token it was given first, until that has expired.",
            remedy: "Connect to the pooler anew whenever the token is renewed, or go past it to port 5432.",
            checks: [.login]),
        Failure(
            "P06", "PgBouncer does not know the user", seenAs: ["no such user:{user}", "no such user"],
            sqlStates: ["08P01", "28000"],
            cause: "The user is not in PgBouncer's auth file, spelled exactly so.",
            remedy: "Add it, or set auth_user and auth_query; an Entra role cannot be looked up by auth_query."),
        Failure(
            "P07", "PgBouncer does not know the database", seenAs: ["no such database:{database}", "no such database"],
            sqlStates: ["08P01", "3D000"],
            cause: "PgBouncer has no section for the database {database}, and no wildcard.",
            remedy: "Add it to [databases] of pgbouncer.ini and reload."),
        Failure(
            "P08", "PgBouncer refuses a parameter",
            seenAs: ["unsupported startup parameter:{setting}", "unsupported startup parameter"],
            sqlStates: ["08P01"],
            cause: "The client sends {setting} when it connects, and PgBouncer does not pass it on.",
            remedy: "Leave it out of the connection, or name it in ignore_startup_parameters of pgbouncer.ini."),
        Failure(
            "P09", "PgBouncer has no connection left",
            seenAs: ["no more connections allowed", "query_wait_timeout", "client_login_timeout"], sqlStates: ["08P01"],
            cause: "All of PgBouncer's connections are in use, or none to the server can be made.",
            remedy: "Raise max_client_conn or default_pool_size, and look into its log for failing logins."),
        Failure(
            "P10", "PgBouncer speaks no TLS with its clients",
            seenAs: ["port 6432 failed: server does not support SSL"],
            cause: "What answers at port 6432 refuses TLS, as a PgBouncer without a certificate does.",
            remedy:
                "Set client_tls_sslmode, client_tls_key_file and client_tls_cert_file, and server_tls_sslmode=verify-full.",
            checks: [.tls]),
        Failure(
            "P11", "PgBouncer waits after failed logins",
            seenAs: ["server login has been failing", "server_login_retry"], sqlStates: ["08P01"], weight: .symptom,
            cause:
                "One login to the server failed, and the pool turns everybody away for server_login_retry, 15 seconds.",
            remedy: "Look into PgBouncer's log for the reason, renew its password, wait 15 seconds."),
        Failure(
            "P12", "PgBouncer cannot read what came", seenAs: ["bad packet header"], sqlStates: ["08P01"],
            cause: """
                A message that is none of PostgreSQL's came to PgBouncer: TLS where it expects none, the request of a \
                health probe, or a password in several pieces, which versions before 1.6 cannot read.
                """,
            remedy: """
                Compare sslmode with client_tls_sslmode, look at what else connects to the port, and use a newer \
                PgBouncer.
                """,
            checks: [.tls]),
    ]
}
