public import FoundationEssentials

/// A bearer token and the time it ends. Printing, dumping or logging one shows its expiry and never its secret.
public struct AccessToken: Hashable, Sendable {
    /// The token itself. The only member that holds it: whoever reads this handles a password.
    public let secret: String
    /// The time from which the token is refused (UTC).
    public let expiresAt: Date
    /// The time from which the issuer would rather be asked again (UTC), if it said so.
    public let refreshAt: Date?
    /// The database user the source says the token is for, if it said so; most leave that to the claims.
    public let user: String?

    /// Makes a token of what a source answered.
    public init(secret: String, expiresAt: Date, refreshAt: Date? = nil, user: String? = nil) {
        self.secret = secret
        self.expiresAt = expiresAt
        self.refreshAt = refreshAt
        self.user = user
    }
}

extension AccessToken: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The expiry and the length in bytes, without the secret.
    public var description: String {
        "AccessToken(expires \(expiresAt.ISO8601Format()), \(secret.utf8.count) bytes)"
    }

    /// The same as ``description``.
    public var debugDescription: String { description }

    /// What `dump` and a debugger may show: everything but the secret.
    public var customMirror: Mirror {
        Mirror(
            self,
            children: [
                "secret": "<redacted>", "expiresAt": expiresAt, "refreshAt": refreshAt as Any, "user": user as Any,
            ],
            displayStyle: .struct)
    }
}
