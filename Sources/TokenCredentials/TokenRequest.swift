/// What a token must be good for. Two equal requests may be answered with the same token.
public struct TokenRequest: Hashable, Sendable {
    /// The scopes, at least one, sorted and each named once, such as `"https://db.example/.default"`.
    public let scopes: [String]
    /// The directory to ask, where the credential serves more than one.
    public var tenant: String?
    /// The claims a service demanded when it turned an earlier token down, as the JSON it sent.
    public var claims: String?
    /// How long the token must still be good when it is handed out; `nil` leaves that to the credential.
    ///
    /// Only a credential that keeps tokens looks at this: a source always hands out the newest it can get.
    public var minimumValidity: Duration?
    /// Whether whoever uses the token can answer a claims challenge by asking again with its claims.
    ///
    /// Tokens for such clients live longer, since they can be withdrawn. Off unless set.
    public var handlesClaimsChallenges = false

    /// Asks for one scope, or for several of the same resource.
    public init(
        _ scope: String, _ more: String..., tenant: String? = nil, claims: String? = nil,
        minimumValidity: Duration? = nil
    ) {
        self.scopes = more.isEmpty ? [scope] : Set([scope] + more).sorted()
        self.tenant = tenant
        self.claims = claims
        self.minimumValidity = minimumValidity
    }

    /// The one resource the scopes name, or `nil` if they name several; some sources can ask for no more than one.
    ///
    /// A scope names its resource by the suffix `/.default`; exactly one such suffix is taken off, so that a resource
    /// that ends in a slash keeps it.
    public var resource: String? {
        guard scopes.count == 1, let scope = scopes.first else { return nil }
        return scope.hasSuffix("/.default") ? String(scope.dropLast("/.default".count)) : scope
    }
}
