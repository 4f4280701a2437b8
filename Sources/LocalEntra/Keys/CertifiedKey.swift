/// A certificate and its private key.
public struct CertifiedKey: Hashable, Sendable {
    /// The certificate as PEM text.
    public let certificatePEM: String
    /// The private key as PEM text (PKCS#8, not encrypted).
    public let privateKeyPEM: KnownSecret

    /// Makes an RSA key with a certificate that signs itself, for an application to prove itself with.
    ///
    /// The certificate goes into ``LocalApplication/certificates``. Throws ``LocalCloudError`` for a name that no
    /// certificate can have, such as one of more than 64 characters.
    public static func forClient(named name: String) throws -> CertifiedKey {
        let key = try AsymmetricKey.rsa()
        let certificate = try Certificate(name: name, key: key, purpose: .client)
        return CertifiedKey(certificatePEM: try certificate.pem(), privateKeyPEM: KnownSecret(try key.privatePEM()))
    }
}
