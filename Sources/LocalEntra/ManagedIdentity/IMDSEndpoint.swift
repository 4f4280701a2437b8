import FoundationEssentials
import TokenCredentials

/// The metadata service of virtual machines: `GET /metadata/identity/oauth2/token`.
struct IMDSEndpoint: Sendable {
    static let path = "/metadata/identity/oauth2/token"
    private static let versions: Set<String> = ["2018-02-01", "2019-08-01", "2020-06-01", "2021-02-01"]

    /// The header by which the real one is known, whatever it answers.
    static let mark = RequestField("Server", "IMDS/150.870.65.1324")

    let source: IdentitySource

    func answer(_ exchange: HTTPExchange) -> HTTPReply {
        guard exchange.method == "GET" else { return HTTPReply(status: 405) }
        guard exchange.header("metadata")?.lowercased() == "true" else {
            return Self.refusal("bad_request_102", "Required metadata header not specified")
        }
        guard let version = exchange.query.first("api-version") else {
            return Self.refusal("invalid_request", "The query parameter 'api-version' is required")
        }
        guard Self.versions.contains(version) else {
            return Self.refusal("invalid_request", "The 'api-version' is not supported")
        }
        guard let resource = exchange.query.first("resource"), !resource.isEmpty else {
            return Self.refusal("invalid_request", "The query parameter 'resource' is required")
        }
        do throws(IdentitySource.Refusal) {
            let identity = try source.identity(
                IdentitySource.Choice(
                    clientID: exchange.query.first("client_id"), objectID: exchange.query.first("object_id"),
                    resourceID: exchange.query.first("msi_res_id")))
            let token = try source.token(for: identity, resource: resource)
            return HTTPReply(json: .object(Self.members(token, identity, resource)))
        } catch {
            return Self.refusal(error, resource: resource)
        }
    }

    /// The members of a reply: every number is a text here.
    static func members(
        _ token: TokenIssuer.IssuedToken, _ identity: LocalIdentity, _ resource: String
    ) -> [String: JSONValue] {
        [
            "access_token": .string(token.text), "client_id": .string(identity.clientID),
            "expires_in": .string("\(token.lifetime)"), "expires_on": .string("\(token.expiresOn)"),
            "ext_expires_in": .string("\(token.lifetime)"),
            "not_before": .string("\(Int(token.issuedAt.timeIntervalSince1970))"), "refresh_token": .string(""),
            "resource": .string(resource), "token_type": .string("Bearer"),
        ]
    }

    /// The reply of this service to a request it cannot serve.
    static func refusal(_ refusal: IdentitySource.Refusal, resource: String) -> HTTPReply {
        switch refusal {
        case .notFound: Self.refusal("invalid_request", "Identity not found")
        case .severalAssigned:
            Self.refusal(
                "invalid_request",
                "Multiple user assigned identities exist, please specify the clientId / resourceId of the identity"
                    + " in the token request")
        case .severalNamed: Self.refusal("invalid_request", "Only one of the identity's ids may be given")
        case .unknownResource:
            Self.refusal(
                "invalid_resource", "AADSTS500011: the resource '\(resource.prefix(200))' is not known in this tenant")
        case .signing: HTTPReply(status: 500)
        }
    }

    static func refusal(_ error: String, _ text: String) -> HTTPReply {
        HTTPReply(
            status: 400, json: .object(["error": .string(error), "error_description": .string(text)]))
    }
}
