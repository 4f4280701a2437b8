import KnownFailures
import PostgresCredentials
import TokenCredentials

/// Looks at what a section of a connection service file filled in; one that cannot be read ends doctor before.
struct ServiceFileCheck {
    let connection: ConnectionInfo
    /// The section, if one was asked for.
    let service: String?

    init(connection: ConnectionInfo, named service: String?) {
        self.connection = connection
        self.service = service
    }

    func findings() -> [CheckFinding] {
        guard let service else { return [.skip(.serviceFile, "no service is named")] }
        if connection.origin(of: "password") == .service {
            return [
                .warn(
                    .serviceFile, "L16",
                    "the service \(quoted(service)) holds a password, which beats every password file")
            ]
        }
        let filled = connection.keywords.filter { connection.origin(of: $0) == .service }
        return [
            .ok(
                .serviceFile,
                filled.isEmpty
                    ? "the service \(quoted(service)) fills in nothing"
                    : "the service \(quoted(service)) fills in \(filled.joined(separator: ", "))")
        ]
    }
}
