import KnownFailures
import PostgresCredentials
import TokenCredentials

/// Compares a token's length with what is in between here and the server.
struct LengthCheck {
    let connection: ConnectionInfo
    /// What PgBouncer 1.17 to 1.25 takes, in bytes.
    static let poolerLimit = 2_047
    /// What PostgreSQL 14 and later takes, in bytes.
    private static let serverLimit = 65_530

    func findings(for token: AccessToken) -> [CheckFinding] {
        let length = token.secret.utf8.count
        if length > Self.serverLimit {
            let text = "the token has \(length) bytes, and a server takes \(Self.serverLimit)"
            return [.fail(.length, "R18", text).doubting(.token)]
        }
        let goesToPooler = (try? connection.servers().contains { $0.port == "6432" }) == true
        if goesToPooler, length > Self.poolerLimit {
            return [
                .fail(
                    .length, "P01",
                    "the token has \(length) bytes, and port 6432 is a PgBouncer's, which takes \(Self.poolerLimit)"
                ).doubting(.token)
            ]
        }
        return [
            .ok(
                .length,
                "the token has \(length) bytes" + (length > Self.poolerLimit ? "; a PgBouncer would refuse it" : ""))
        ]
    }
}
