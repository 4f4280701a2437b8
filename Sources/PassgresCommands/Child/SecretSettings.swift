import FoundationEssentials
import PostgresCredentials
import TokenCredentials

/// The settings of a connection that are secrets, in a private service file for one run of a program of libpq.
///
/// Every user of the machine can read the arguments of a program, and most of these settings have no variable.
struct SecretSettings {
    private static let service = "passgres"
    private let directory: PrivateDirectory

    /// Writes them; `nil` if the connection has none. Blocks.
    ///
    /// Throws ``ServiceSectionError`` for a value that no service file can hold, and ``CommandFailure`` or `FileError`.
    init?(of connection: ConnectionInfo, in environment: ProcessEnvironment) throws {
        guard connection.withoutSecrets.keywords != connection.keywords else { return nil }
        let version = LocalLibpq.number.map { LibpqVersion(major: $0 / 10_000) } ?? .oldest
        let section = try ServiceSection(named: Self.service, secretsOf: connection, targeting: version)
        let directory = try PrivateDirectory(in: environment)
        do {
            try LocalFiles().replaceFile(at: Self.path(in: directory), limit: 1 << 16) { _ in Data(section.text.utf8) }
        } catch {
            directory.remove()
            throw error
        }
        self.directory = directory
    }

    /// The variables by which libpq finds them.
    var variables: [String: String] {
        ["PGSERVICEFILE": Self.path(in: directory), "PGSERVICE": Self.service]
    }

    /// Removes the file, once the program has ended.
    func remove() { directory.remove() }

    private static func path(in directory: PrivateDirectory) -> String { directory.path + "/pg_service.conf" }
}
