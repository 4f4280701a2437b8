import FoundationEssentials
import TokenCredentials

/// Everything that is served at the authority's address.
struct AuthoritySite: Sendable {
    let frontage: Frontage
    let tokens: TokenEndpoint
    let devices: DeviceCodeEndpoint
    let pages: AuthorizeEndpoint

    func answer(_ exchange: HTTPExchange) -> HTTPReply {
        let segments = exchange.segments
        let tenantName = segments.first ?? ""
        switch segments.dropFirst().joined(separator: "/") {
        case "oauth2/v2.0/token":
            return frontage.answer(exchange, at: .token) { tokens.answer(exchange, tenantName: tenantName) }
        case "oauth2/v2.0/devicecode":
            return frontage.answer(exchange, at: .deviceCode) { devices.answer(exchange, tenantName: tenantName) }
        case "oauth2/v2.0/authorize":
            return frontage.answer(exchange, at: .authorize) { pages.answer(exchange, tenantName: tenantName) }
        case "discovery/v2.0/keys", "discovery/keys":
            return frontage.answer(exchange, at: .keys) { document(exchange, tenantName) { _ in try keySet() } }
        case ".well-known/openid-configuration":
            return frontage.answer(exchange, at: .discovery) {
                document(exchange, tenantName) { openID($0, issuer: TokenIssuer.issuer(tenantID: tokens.tenant.id)) }
            }
        case "v2.0/.well-known/openid-configuration":
            return frontage.answer(exchange, at: .discovery) {
                document(exchange, tenantName) { openID($0, issuer: "\($0)/\(tokens.tenant.id)/v2.0") }
            }
        case "discovery/instance" where tenantName == "common":
            return frontage.answer(exchange, at: .discovery) { HTTPReply(json: instances(exchange)) }
        default:
            return frontage.answer(exchange, at: .unknown) { .notFound }
        }
    }

    private func document(
        _ exchange: HTTPExchange, _ tenantName: String, _ make: (String) throws -> JSONValue
    ) -> HTTPReply {
        do {
            try tokens.check(tenantName: tenantName, grant: "")
            return HTTPReply(json: try make("https://localhost:\(exchange.localPort)"))
        } catch let refusal as EntraRefusal {
            return refusal.reply(to: exchange, at: tokens.clock.now)
        } catch {
            return HTTPReply(status: 500)
        }
    }

    private func keySet() throws -> JSONValue {
        .object(["keys": .array([try tokens.issuer.webKey()])])
    }

    private func openID(_ authority: String, issuer: String) -> JSONValue {
        let base = "\(authority)/\(tokens.tenant.id)"
        return .object([
            "issuer": .string(issuer), "token_endpoint": .string(base + "/oauth2/v2.0/token"),
            "authorization_endpoint": .string(base + "/oauth2/v2.0/authorize"),
            "device_authorization_endpoint": .string(base + "/oauth2/v2.0/devicecode"),
            "jwks_uri": .string(base + "/discovery/v2.0/keys"), "response_types_supported": .texts(["code"]),
            "response_modes_supported": .texts(["query", "form_post"]),
            "scopes_supported": .texts(["openid", "profile", "email", "offline_access"]),
            "subject_types_supported": .texts(["pairwise"]),
            "id_token_signing_alg_values_supported": .texts(["RS256"]),
            "token_endpoint_auth_methods_supported": .texts(["client_secret_post", "private_key_jwt"]),
        ])
    }

    private func instances(_ exchange: HTTPExchange) -> JSONValue {
        let host = "localhost:\(exchange.localPort)"
        return .object([
            "tenant_discovery_endpoint": .string(
                "https://\(host)/\(tokens.tenant.id)/v2.0/.well-known/openid-configuration"),
            "api-version": .string("1.1"),
            "metadata": .array([
                .object([
                    "preferred_network": .string(host), "preferred_cache": .string(host), "aliases": .texts([host]),
                ])
            ]),
        ])
    }
}
