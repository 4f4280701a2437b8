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
    /// Whether the caller named the identity, and not a variable that others use too.
    let isAskedFor: Bool

    init(_ request: TokenRequest, as identity: ManagedIdentity?, environment: ProcessEnvironment) {
        self.request = request
        self.isAskedFor = identity != nil
        self.identity = identity ?? environment["AZURE_CLIENT_ID"].map { .clientID($0.trimmed) } ?? .systemAssigned
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
                Diagnosis("the id of \(identity) \(flaw)", remedy: "Correct \(source).", kind: .misconfigured))
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
                    ? "Name no identity: the host decides which one it is\(isAskedFor ? "" : ", so unset AZURE_CLIENT_ID")."
                    : "Name the identity by its client id.",
                kind: .misconfigured))
    }

    /// What has to be corrected, for a remedy.
    var source: String { isAskedFor ? "the id" : "AZURE_CLIENT_ID" }

    /// Where the id came from, for a remedy.
    var origin: String { isAskedFor ? "the caller" : "AZURE_CLIENT_ID" }
}
