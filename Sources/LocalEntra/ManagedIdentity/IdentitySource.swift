import FoundationEssentials
import TokenCredentials

/// Picks the managed identity that a request means and makes its token; the hosts differ only in how they ask.
struct IdentitySource: Sendable {
    /// How a request names an identity; at most one of the three may be there.
    struct Choice {
        var clientID: String?
        var objectID: String?
        var resourceID: String?

        var names: [String] { [clientID, objectID, resourceID].compactMap { $0 } }
    }

    /// Why no identity could be picked.
    enum Refusal: Error {
        case notFound
        case severalAssigned
        case severalNamed
        case unknownResource
        case signing
    }

    let identities: [LocalIdentity]
    let issuer: TokenIssuer
    let resources: [String]

    /// The identity that is meant.
    func identity(_ choice: Choice) throws(Refusal) -> LocalIdentity {
        guard choice.names.count <= 1 else { throw .severalNamed }
        if let name = choice.names.first?.lowercased() {
            let found = identities.first { identity in
                if choice.clientID != nil { return identity.clientID.lowercased() == name }
                if choice.objectID != nil { return identity.objectID.lowercased() == name }
                return identity.resourceID.lowercased() == name
            }
            guard let found else { throw .notFound }
            return found
        }
        if let machine = identities.first(where: { $0.kind == .systemAssigned }) { return machine }
        guard identities.count < 2 else { throw .severalAssigned }
        guard let only = identities.first else { throw .notFound }
        return only
    }

    /// A token for the identity.
    func token(for identity: LocalIdentity, resource: String) throws(Refusal) -> TokenIssuer.IssuedToken {
        guard RequestedScope.isKnown(resource, among: resources) else { throw .unknownResource }
        do {
            return try issuer.accessToken(for: .identity(identity), audience: resource)
        } catch {
            throw .signing
        }
    }
}

extension TokenIssuer.IssuedToken {
    /// Seconds since 1970 at which the token expires.
    var expiresOn: Int { Int(expiresAt.timeIntervalSince1970) }
}
