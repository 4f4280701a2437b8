import PostgresCredentials
import TokenCredentials

/// The variables of a program that shall connect where we say, and not where an inherited variable says.
struct ChildEnvironment {
    private(set) var dictionary: [String: String]

    /// Takes out every variable that libpq reads a parameter from, and puts in those of the connection.
    init(_ environment: ProcessEnvironment, _ connection: ConnectionInfo) {
        dictionary = environment.dictionary
        for name in ConnectionKeyword.all.compactMap(\.variable) + ["PGSERVICEFILE", "PGREQUIRESSL"] {
            dictionary[name] = nil
        }
        // Secrets by which we ask for tokens are no business of the program's.
        for name in Self.secretNames { dictionary[name] = nil }
        dictionary.merge(connection.environment) { $1 }
    }

    subscript(_ name: String) -> String? {
        get { dictionary[name] }
        set { dictionary[name] = newValue }
    }

    private static let secretNames = ["AZURE_CLIENT_SECRET", "AZURE_CLIENT_CERTIFICATE_PASSWORD", "AZURE_PASSWORD"]
}
