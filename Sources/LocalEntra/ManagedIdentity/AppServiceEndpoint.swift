import FoundationEssentials
import TokenCredentials

/// The identity endpoint of App Service, Functions and Container Apps, in both of its versions.
struct AppServiceEndpoint: Sendable {
    /// The version that a request speaks.
    enum Version: String {
        /// Header `X-IDENTITY-HEADER`, ids of three kinds.
        case v2019 = "2019-08-01"
        /// Header `secret`, `clientid` only, dates in words.
        case v2017 = "2017-09-01"
    }

    let source: IdentitySource
    let key: KnownSecret

    func answer(_ exchange: HTTPExchange) -> HTTPReply {
        guard exchange.method == "GET" else { return HTTPReply(status: 405) }
        guard let version = exchange.query.first("api-version").flatMap(Version.init) else {
            return HostRefusal.flat(400, "the 'api-version' is missing or not supported")
        }
        let given = exchange.header(version == .v2019 ? "x-identity-header" : "secret")
        guard given == key.value else { return HostRefusal.flat(401, "the identity header is missing or wrong") }
        guard let resource = exchange.query.first("resource"), !resource.isEmpty else {
            return HostRefusal.flat(400, "the query parameter 'resource' is required")
        }
        do throws(IdentitySource.Refusal) {
            let identity = try identity(exchange.query, version)
            let token = try source.token(for: identity, resource: resource)
            return HTTPReply(
                json: .object([
                    "access_token": .string(token.text), "client_id": .string(identity.clientID.uppercased()),
                    "expires_on": .string(Self.expiry(token, version)), "resource": .string(resource),
                    "token_type": .string("Bearer"),
                ]))
        } catch {
            return HostRefusal.flat(400, error.text)
        }
    }

    private func identity(
        _ query: [RequestField], _ version: Version
    ) throws(IdentitySource.Refusal) -> LocalIdentity {
        let choice =
            switch version {
            case .v2019:
                IdentitySource.Choice(
                    clientID: query.first("client_id"),
                    objectID: query.first("object_id") ?? query.first("principal_id"),
                    resourceID: query.first("mi_res_id"))
            case .v2017: IdentitySource.Choice(clientID: query.first("clientid"))
            }
        let identity = try source.identity(choice)
        // Unlike the metadata service, this host never picks a user-assigned identity by itself.
        guard !choice.names.isEmpty || identity.kind == .systemAssigned else { throw .notFound }
        return identity
    }

    private static func expiry(_ token: TokenIssuer.IssuedToken, _ version: Version) -> String {
        switch version {
        case .v2019: return "\(token.expiresOn)"
        case .v2017:
            // 2019-06-20 02:57:58Z becomes 06/20/2019 02:57:58 +00:00.
            let text = token.expiresAt.formatted(.iso8601.dateTimeSeparator(.space)).dropLast()
            let parts = text.split(separator: " ")
            let date = (parts.first ?? "").split(separator: "-")
            guard parts.count == 2, date.count == 3 else { return "\(token.expiresOn)" }
            return "\(date[1])/\(date[2])/\(date[0]) \(parts[1]) +00:00"
        }
    }
}
