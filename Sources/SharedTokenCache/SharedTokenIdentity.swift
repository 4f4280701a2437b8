/// Whose tokens a shared entry holds, as far as the credential's name and the request do not say it.
///
/// Everything that decides who asks belongs in here: another identity must never be served from the same entry.
public struct SharedTokenIdentity: Hashable, Sendable {
    /// Who asks, such as a client id, a user-assigned identity or `"system-assigned"`.
    ///
    /// Not a secret.
    public var name: String
    /// The tenant that is asked where a request names none, if it was configured.
    public var tenant: String?
    /// The address of the identity service that is asked, if it was configured.
    public var authority: String?

    /// Describes who asks.
    public init(_ name: String, tenant: String? = nil, authority: String? = nil) {
        self.name = name
        self.tenant = tenant
        self.authority = authority
    }
}
