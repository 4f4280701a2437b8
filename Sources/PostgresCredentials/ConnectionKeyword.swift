/// A parameter of a connection that libpq knows, from version 11 to 18.
public struct ConnectionKeyword: Hashable, Sendable {
    /// The name used in connection strings and service files.
    public let name: String
    /// The environment variable that says the same, if there is one.
    public let variable: String?
    /// The first version of libpq that takes it; older ones refuse a string that names it.
    public let since: LibpqVersion
    /// Whether its value is a secret.
    public var isSecret: Bool { Self.secrets.contains(name) }

    /// Every keyword, in the order in which connection strings are written.
    public static let all: [ConnectionKeyword] = table.map { row in
        ConnectionKeyword(name: row.0, variable: row.1, since: row.2)
    }

    /// The keyword of that name; names are lower case only.
    public static func named(_ name: String) -> ConnectionKeyword? { byName[name] }

    /// The variables by which libpq is told anything about a connection, the password and the service file among them.
    ///
    /// A program that hands a connection to a child by variables removes these first: an inherited `PGSERVICE`, for
    /// one, beats every other variable.
    public static let variables: [String] =
        all.compactMap(\.variable) + ["PGREQUIRESSL", "PGSERVICEFILE", "PGSYSCONFDIR"]

    private static let byName = Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) })
    private static let secrets: Set<String> = [
        "password", "sslpassword", "oauth_client_secret", "scram_client_key", "scram_server_key",
    ]
    private static let table: [(String, String?, LibpqVersion)] = [
        ("host", "PGHOST", 11), ("hostaddr", "PGHOSTADDR", 11), ("port", "PGPORT", 11),
        ("dbname", "PGDATABASE", 11), ("user", "PGUSER", 11), ("password", "PGPASSWORD", 11),
        ("passfile", "PGPASSFILE", 11), ("service", "PGSERVICE", 11), ("sslmode", "PGSSLMODE", 11),
        ("sslrootcert", "PGSSLROOTCERT", 11), ("sslcert", "PGSSLCERT", 11), ("sslkey", "PGSSLKEY", 11),
        ("sslpassword", nil, 13), ("sslcrl", "PGSSLCRL", 11), ("sslcrldir", "PGSSLCRLDIR", 14),
        ("sslsni", "PGSSLSNI", 14), ("sslcompression", "PGSSLCOMPRESSION", 11),
        ("sslcertmode", "PGSSLCERTMODE", 16), ("sslnegotiation", "PGSSLNEGOTIATION", 17),
        ("ssl_min_protocol_version", "PGSSLMINPROTOCOLVERSION", 13),
        ("ssl_max_protocol_version", "PGSSLMAXPROTOCOLVERSION", 13), ("sslkeylogfile", nil, 18),
        ("requirepeer", "PGREQUIREPEER", 11), ("require_auth", "PGREQUIREAUTH", 16),
        ("channel_binding", "PGCHANNELBINDING", 13), ("gssencmode", "PGGSSENCMODE", 12),
        ("krbsrvname", "PGKRBSRVNAME", 11), ("gsslib", "PGGSSLIB", 11), ("gssdelegation", "PGGSSDELEGATION", 16),
        ("options", "PGOPTIONS", 11), ("application_name", "PGAPPNAME", 11),
        ("fallback_application_name", nil, 11), ("client_encoding", "PGCLIENTENCODING", 11),
        ("connect_timeout", "PGCONNECT_TIMEOUT", 11), ("keepalives", nil, 11), ("keepalives_idle", nil, 11),
        ("keepalives_interval", nil, 11), ("keepalives_count", nil, 11), ("tcp_user_timeout", nil, 12),
        ("target_session_attrs", "PGTARGETSESSIONATTRS", 11), ("load_balance_hosts", "PGLOADBALANCEHOSTS", 16),
        ("replication", nil, 11), ("min_protocol_version", "PGMINPROTOCOLVERSION", 18),
        ("max_protocol_version", "PGMAXPROTOCOLVERSION", 18), ("oauth_issuer", nil, 18),
        ("oauth_client_id", nil, 18), ("oauth_client_secret", nil, 18), ("oauth_scope", nil, 18),
        ("scram_client_key", nil, 18), ("scram_server_key", nil, 18),
    ]
}
