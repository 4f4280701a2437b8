import FoundationEssentials
import TokenCredentials

/// The public keys that a tenant's configuration names, read once.
struct RegisteredKeys: Sendable {
    private struct RegisteredCertificate: Sendable {
        let clientID: String
        let sha1: Data
        let sha256: Data
        let key: AsymmetricKey
    }

    private let certificates: [RegisteredCertificate]
    private let issuers: [String: AsymmetricKey]

    /// Reads the tenant's certificates and keys.
    ///
    /// Throws for the first that is none.
    init(_ tenant: LocalTenant) throws {
        certificates = try tenant.applications.flatMap { application in
            try application.certificates.map { text in
                let certificate = try Certificate(pem: text)
                return RegisteredCertificate(
                    clientID: application.clientID, sha1: certificate.sha1Thumbprint,
                    sha256: certificate.sha256Thumbprint, key: try AsymmetricKey(publicPEM: text))
            }
        }
        var issuers: [String: AsymmetricKey] = [:]
        for text in tenant.applications.flatMap(\.federatedCredentials).compactMap(\.issuerKey) {
            issuers[text] = try AsymmetricKey(publicPEM: text)
        }
        self.issuers = issuers
    }

    /// The key of the application's certificate that an assertion's header names by thumbprint.
    func certificateKey(of application: LocalApplication, header: [String: JSONValue]) -> AsymmetricKey? {
        let ours = certificates.filter { $0.clientID == application.clientID }
        if let thumbprint = Self.thumbprint(header["x5t#S256"]) { return ours.first { $0.sha256 == thumbprint }?.key }
        if let thumbprint = Self.thumbprint(header["x5t"]) { return ours.first { $0.sha1 == thumbprint }?.key }
        return nil
    }

    /// The key of an issuer; `nil` where the local cloud signs in its place.
    func issuerKey(of federation: LocalFederation) -> AsymmetricKey? {
        federation.issuerKey.flatMap { issuers[$0] }
    }

    private static func thumbprint(_ value: JSONValue?) -> Data? {
        // Some clients keep the padding, which the service takes.
        value?.text.flatMap { Data(base64URL: $0.prefix { $0 != "=" }) }
    }
}
