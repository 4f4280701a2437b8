import FoundationEssentials
import PostgresCredentials
import TokenCredentials

/// The password libpq would send without anybody's help.
struct StoredPassword: Sendable {
    /// Where it is, in a few words.
    let place: String
    /// The password itself: whoever reads this handles a secret.
    let text: String

    /// Looks where libpq looks: connection and variables first, then the password file; `nil` if there is none.
    init?(_ connection: ConnectionInfo, _ environment: ProcessEnvironment) {
        if let password = connection.password, !password.isEmpty {
            text = password
            place = connection.origin(of: "password") == .environment ? "PGPASSWORD" : "the connection"
            return
        }
        let files = LocalFiles()
        guard let path = connection.passfile ?? PasswordFile.defaultPath(in: environment),
            files.permissions(ofFile: path).map({ $0 & 0o077 == 0 }) ?? false,
            let contents = try? files.contents(ofFile: path, limit: 1 << 26), let login = connection.logins.first,
            let password = PasswordFile(parsing: contents).password(for: login)
        else { return nil }
        text = password
        place = path
    }

    /// The token, if it is one and nothing else.
    var token: AccessToken? {
        WholeToken.claims(of: text).map { AccessToken(secret: text, expiresAt: $0.date("exp") ?? .distantFuture) }
    }
}

/// Tells a token from a text that holds one.
enum WholeToken {
    /// The claims of a token that is nothing but a token.
    static func claims(of text: String) -> TokenClaims? {
        let isPlain = text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"):
                true
            default: "-_.".utf8.contains(byte)
            }
        }
        return isPlain ? TokenClaims(token: text) : nil
    }

    /// Whether a text begins like a token, or holds one among other things.
    static func isTorn(_ text: String) -> Bool { claims(of: text) == nil && text.contains("eyJ") }
}
