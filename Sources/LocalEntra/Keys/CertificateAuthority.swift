/// A certificate authority made at start; its key is never written anywhere.
struct CertificateAuthority: Sendable {
    /// The authority's own certificate as PEM text.
    let pem: String
    private let certificate: Certificate
    private let key: AsymmetricKey

    init() throws {
        key = try .p256()
        certificate = try Certificate(name: "Local cloud, for tests only", key: key, purpose: .authority)
        pem = try certificate.pem()
    }

    /// Makes a certificate and its key for a server of these names: host names, or addresses in digits.
    func serverIdentity(for names: [String]) throws -> CertifiedKey {
        guard let first = names.first, names.allSatisfy(Self.isPlain) else {
            throw LocalCloudError("a server certificate needs host names or addresses, and nothing else")
        }
        let serverKey = try AsymmetricKey.p256()
        let server = try Certificate(
            name: String(first.prefix(64)), key: serverKey,
            purpose: .server(names: names.map { (Self.isAddress($0) ? "IP:" : "DNS:") + $0 }),
            issuer: (certificate, key))
        return CertifiedKey(certificatePEM: try server.pem(), privateKeyPEM: KnownSecret(try serverKey.privatePEM()))
    }

    /// Whether the text can stand in a list of names without becoming something else there.
    private static func isPlain(_ name: String) -> Bool {
        !name.isEmpty && name.utf8.count <= 253
            && name.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"):
                    true
                default: [UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "*"), UInt8(ascii: ":")].contains(byte)
                }
            }
    }

    private static func isAddress(_ name: String) -> Bool {
        name.contains(":") || name.utf8.allSatisfy { (48...57).contains($0) || $0 == UInt8(ascii: ".") }
    }
}
