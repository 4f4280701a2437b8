import FoundationEssentials
import TokenCredentials

/// The identity endpoint of Service Fabric, over TLS with a certificate that signs itself.
struct ServiceFabricEndpoint: Sendable {
    static let path = "/metadata/identity/oauth2/token"
    static let versions: Set<String> = ["2019-07-01-preview", "2020-05-01"]

    let source: IdentitySource
    let key: KnownSecret

    func answer(_ exchange: HTTPExchange) -> HTTPReply {
        guard exchange.method == "GET" else { return HTTPReply(status: 405) }
        guard exchange.header("secret") == key.value else {
            return refusal(400, "SecretHeaderNotFound", "the secret is missing or wrong")
        }
        guard let version = exchange.query.first("api-version"), Self.versions.contains(version) else {
            return refusal(400, "InvalidApiVersion", "the 'api-version' is missing or not supported")
        }
        guard let resource = exchange.query.first("resource"), !resource.isEmpty else {
            return refusal(400, "ArgumentNullOrEmpty", "the query parameter 'resource' is required")
        }
        do throws(IdentitySource.Refusal) {
            let identity = try source.identity(
                IdentitySource.Choice(objectID: exchange.query.first("principalId")))
            let token = try source.token(for: identity, resource: resource)
            return HTTPReply(
                json: .object([
                    "access_token": .string(token.text), "expires_on": .whole(token.expiresOn),
                    "resource": .string(resource), "token_type": .string("Bearer"),
                ]))
        } catch {
            return error == .unknownResource
                ? refusal(500, "InternalServerError", error.text) : refusal(404, "ManagedIdentityNotFound", error.text)
        }
    }

    private func refusal(_ status: Int, _ code: String, _ message: String) -> HTTPReply {
        HostRefusal.nested(status, code, message, correlationID: randomGUID())
    }
}

extension CertifiedKey {
    /// Makes an identity for the loopback address that no authority vouches for, and its SHA-1 thumbprint.
    static func selfSigned() throws -> (identity: CertifiedKey, thumbprint: String) {
        let key = try AsymmetricKey.p256()
        let certificate = try Certificate(
            name: "Service Fabric", key: key, purpose: .server(names: ["DNS:localhost", "IP:127.0.0.1"]))
        let digits = certificate.sha1Thumbprint.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }
        let identity = CertifiedKey(
            certificatePEM: try certificate.pem(), privateKeyPEM: KnownSecret(try key.privatePEM()))
        return (identity, digits.joined().uppercased())
    }
}
