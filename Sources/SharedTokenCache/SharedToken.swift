public import FoundationEssentials

/// A token that is kept for every process of its owner, without the token itself: what a report may show.
public struct SharedToken: Hashable, Sendable {
    /// The credential it came from.
    public let credential: String
    /// Who asked.
    public let identity: SharedTokenIdentity
    /// The tenant the request named, if it named one.
    public let tenant: String?
    /// The scopes, sorted.
    public let scopes: [String]
    /// When it was obtained (UTC).
    public let obtainedAt: Date
    /// When it ends (UTC).
    public let expiresAt: Date

    init(_ entry: TokenEntry) {
        credential = entry.key.credential
        identity = SharedTokenIdentity(
            entry.key.identity, tenant: entry.key.configuredTenant, authority: entry.key.authority)
        tenant = entry.key.tenant
        scopes = entry.key.scopes
        obtainedAt = entry.obtainedAt
        expiresAt = entry.expiresAt
    }
}
