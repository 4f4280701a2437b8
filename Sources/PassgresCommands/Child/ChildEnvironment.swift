import PostgresCredentials
import TokenCredentials

/// The variables of a program that shall connect where we say, and not where an inherited variable says.
struct ChildEnvironment {
    private(set) var dictionary: [String: String]

    /// Takes out every variable that libpq reads a parameter from, and puts in those of the connection.
    init(_ environment: ProcessEnvironment, _ connection: ConnectionInfo) {
        // Secrets by which we ask for tokens are no business of the program's.
        dictionary = environment.dictionary(withSecrets: [])
        for name in ConnectionKeyword.variables where name != "PGSYSCONFDIR" { dictionary[name] = nil }
        dictionary.merge(connection.environment) { $1 }
    }

    subscript(_ name: String) -> String? {
        get { dictionary[name] }
        set { dictionary[name] = newValue }
    }
}
