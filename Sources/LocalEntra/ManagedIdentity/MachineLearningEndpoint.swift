import TokenCredentials

/// The identity endpoint of Azure Machine Learning: as the old App Service, but with the expiry as a number.
struct MachineLearningEndpoint: Sendable {
    let source: IdentitySource
    let key: KnownSecret

    func answer(_ exchange: HTTPExchange) -> HTTPReply {
        guard exchange.method == "GET" else { return HTTPReply(status: 405) }
        guard exchange.header("secret") == key.value else {
            return HostRefusal.flat(401, "the secret is missing or wrong")
        }
        guard exchange.query.first("api-version") == "2017-09-01" else {
            return HostRefusal.flat(400, "the 'api-version' is missing or not supported")
        }
        guard let resource = exchange.query.first("resource"), !resource.isEmpty else {
            return HostRefusal.flat(400, "the query parameter 'resource' is required")
        }
        do throws(IdentitySource.Refusal) {
            let identity = try source.identity(IdentitySource.Choice(clientID: exchange.query.first("clientid")))
            let token = try source.token(for: identity, resource: resource)
            return HTTPReply(
                json: .object([
                    "access_token": .string(token.text), "client_id": .string(identity.clientID),
                    "expires_on": .whole(token.expiresOn), "resource": .string(resource),
                    "token_type": .string("Bearer"),
                ]))
        } catch {
            return HostRefusal.flat(400, error.text)
        }
    }
}
