import CredentialHTTP
import TokenCredentials

/// One request for a token, and the identity it is for.
struct IdentityQuestion: Sendable {
    /// The names under which a host takes the id of a user-assigned identity; `nil` where it does not.
    struct IDNames {
        var client: String?
        var object: String?
        var resource: String?
    }

    let request: TokenRequest
    let identity: ManagedIdentity
    /// Where the id came from, for a remedy.
    let origin: String
    /// Whether this identity and no other is meant; not where a variable names it that other credentials use too.
    let isAskedFor: Bool

    init(_ request: TokenRequest, as named: NamedIdentity?) {
        self.request = request
        identity = named?.identity ?? .systemAssigned
        origin = named?.origin ?? "the caller"
        isAskedFor = named?.isMeant ?? false
    }

    /// The audience that is asked for.
    func resource() throws(CredentialError) -> String {
        guard let resource = request.resource, !resource.isEmpty else {
            throw .failed(
                Diagnosis(
                    "a managed identity gives a token for one resource, and \(request.scopes.count) scopes were asked for",
                    remedy: "Ask with one scope that ends in /.default.", kind: .misconfigured))
        }
        return resource
    }

    /// The query of the request: version, resource and, under the host's own name for it, the id.
    ///
    /// Throws ``CredentialError/failed(_:)`` for an id that is malformed, or of a kind the host does not take.
    func query(version: String, ids names: IDNames, host: String) throws(CredentialError) -> String {
        var fields = [("api-version", version), ("resource", try resource())]
        if let flaw = identity.flaw {
            throw .failed(
                Diagnosis(
                    "the id of \(identity) \(flaw)", remedy: "Correct the id, which came from \(origin).",
                    kind: .misconfigured))
        }
        let name: String?? =
            switch identity {
            case .systemAssigned: nil
            case .clientID: .some(names.client)
            case .objectID: .some(names.object)
            case .resourceID: .some(names.resource)
            }
        if let name {
            guard let name, let id = identity.id else { throw refusal(by: host, names) }
            fields.append((name, id))
        }
        return "?" + fields.map { "\($0.0)=\(HTTPRequest.percentEncoded($0.1))" }.joined(separator: "&")
    }

    /// The error for an identity the host cannot be asked for.
    func refusal(by host: String, _ names: IDNames = IDNames()) -> CredentialError {
        .failed(
            Diagnosis(
                "\(host) cannot be asked for \(identity)",
                remedy: names.client == nil
                    ? "Name no identity: the host decides which one it is. The id came from \(origin)."
                    : "Name the identity by its client id. The id came from \(origin).",
                kind: .misconfigured))
    }

    /// What to do where a host has no such identity.
    func assigning(to host: String) -> String {
        let remedy = "Assign that identity to the \(host), or name another: the id came from \(origin)."
        guard case .clientID = identity else { return remedy }
        return remedy + " An object id is written object:GUID (--identity)."
    }
}
