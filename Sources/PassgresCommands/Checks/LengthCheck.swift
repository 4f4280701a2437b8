import KnownFailures
import PostgresCredentials
import TokenCredentials

/// Compares a token's length with what is in between here and the server.
struct LengthCheck {
    let connection: ConnectionInfo
    /// What Azure's own PgBouncer, and any other before 1.26, takes in bytes.
    static let poolerLimit = PgBouncerVersion.builtIntoAzure.longestPassword
    /// What PostgreSQL 14 and later takes, in bytes.
    private static let serverLimit = 65_530

    func findings(for token: AccessToken) -> [CheckFinding] {
        let length = token.secret.utf8.count
        if length > Self.serverLimit {
            let text = "the token has \(length) bytes, and a server takes \(Self.serverLimit)"
            return [.fail(.length, "R18", text).doubting(.token)]
        }
        let poolers = (try? connection.servers())?.filter { $0.port == "6432" } ?? []
        if !poolers.isEmpty, length > Self.poolerLimit {
            let said = "the token has \(length) bytes, and port 6432 is a PgBouncer's, which takes \(Self.poolerLimit)"
            let isAzures = poolers.contains { $0.name.flatMap(AzureCloud.init(serverHost:)) != nil }
            let finding: CheckFinding =
                isAzures ? .fail(.length, "P01", said) : .warn(.length, "P01", said + " before version 1.26")
            return [finding.doubting(.token)]
        }
        return [
            .ok(
                .length,
                "the token has \(length) bytes"
                    + (length > Self.poolerLimit ? "; a PgBouncer before 1.26 would refuse it" : ""))
        ]
    }
}
