import FoundationEssentials
import TokenCredentials

/// The endpoint of Cloud Shell, which speaks for the user who opened the shell: `POST` with a form.
struct CloudShellEndpoint: Sendable {
    private static let clientID = "b677c290-cf4b-4a8e-a60e-91ba650a4abe"

    let source: IdentitySource
    let user: LocalUser?

    func answer(_ exchange: HTTPExchange) -> HTTPReply {
        guard exchange.method == "POST", let form = exchange.form else {
            return HostRefusal.nested(405, "MethodNotAllowed", "the endpoint takes forms by POST only")
        }
        guard exchange.header("metadata")?.lowercased() == "true" else {
            return HostRefusal.nested(400, "MissingMetadataHeader", "the header 'Metadata: true' is required")
        }
        guard let resource = form.first("resource"), !resource.isEmpty else {
            return HostRefusal.nested(400, "InvalidRequest", "the parameter 'resource' is required")
        }
        guard RequestedScope.isKnown(resource, among: source.resources) else {
            return HostRefusal.nested(400, "AudienceNotSupported", "tokens for this resource are not given here")
        }
        guard let user,
            let token = try? source.issuer.accessToken(for: .user(user, clientID: Self.clientID), audience: resource)
        else { return HostRefusal.nested(401, "AuthenticationRequired", "nobody is signed in") }
        return HTTPReply(
            json: .object([
                "access_token": .string(token.text), "expires_in": .string("\(token.lifetime)"),
                "expires_on": .string("\(token.expiresOn)"),
                "not_before": .string("\(Int(token.issuedAt.timeIntervalSince1970))"), "refresh_token": .string(""),
                "resource": .string(resource), "scope": .string("user_impersonation"), "token_type": .string("Bearer"),
            ]))
    }
}
