import KnownFailures
import PostgresCredentials
import TokenCredentials

/// The reader's own values, for sentences that name them.
struct Circumstances: Sendable {
    private(set) var values: [Placeholder: String] = [:]

    /// What the variables say.
    init(in environment: ProcessEnvironment) {
        add(try? ConnectionInfo("").resolved(in: environment), environment)
    }

    /// What a connection says, and the variables.
    init(_ connection: ConnectionInfo?, in environment: ProcessEnvironment) {
        add(connection, environment)
    }

    private mutating func add(_ connection: ConnectionInfo?, _ environment: ProcessEnvironment) {
        for (place, keyword) in [
            (Placeholder.host, "host"), (.port, "port"), (.database, "dbname"), (.user, "user"), (.file, "passfile"),
            (.mode, "sslmode"),
        ] {
            guard let connection, connection.origin(of: keyword) != .builtIn else { continue }
            // A value that a misread URI put in the wrong place may be a secret.
            values[place] = connection.redacted.first { $0.keyword == keyword && $0.value != "<redacted>" }?.value
        }
        values[.role] = values[.user]
        values[.tenant] = environment["AZURE_TENANT_ID"]
        values[.client] = environment["AZURE_CLIENT_ID"]
        values = values.compactMapValues { value in
            value.isEmpty || value.count > 256 ? nil : value.onOneLine
        }
    }
}
