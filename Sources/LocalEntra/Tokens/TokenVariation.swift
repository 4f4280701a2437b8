public import FoundationEssentials
public import TokenCredentials

/// How a token that a test asks for differs from what the token endpoint would give.
public struct TokenVariation: Sendable {
    /// How long it lives from its issue; negative for one that has expired.
    ///
    /// `nil` for the configured lifetime.
    public var lifetime: Duration?
    /// When it was issued; `nil` for now.
    public var issuedAt: Date?
    /// When it begins to be valid; `nil` for the time of issue.
    public var notBefore: Date?
    /// What it is for; `nil` for PostgreSQL in the public cloud.
    public var audience: String?
    /// Claims to add or replace; ``TokenCredentials/JSONValue/null`` takes one away.
    public var claims: [String: JSONValue]
    /// Header members to add or replace.
    public var header: [String: JSONValue]
    /// The least number of characters; `nil` for the configured one.
    public var length: Int?

    /// Makes a variation; without an argument the token is as the endpoint gives it.
    public init(
        lifetime: Duration? = nil, issuedAt: Date? = nil, notBefore: Date? = nil, audience: String? = nil,
        claims: [String: JSONValue] = [:], header: [String: JSONValue] = [:], length: Int? = nil
    ) {
        self.lifetime = lifetime
        self.issuedAt = issuedAt
        self.notBefore = notBefore
        self.audience = audience
        self.claims = claims
        self.header = header
        self.length = length
    }

    /// The token as the endpoint gives it.
    public static let none = TokenVariation()
}
