import FoundationEssentials
import TokenCredentials

/// How an assertion is signed.
@nonexhaustive
public enum AssertionSignature: Hashable, Sendable {
    /// RSA-PSS with SHA-256, and the certificate named by its SHA-256 thumbprint: what Entra asks for today.
    case ps256
    /// RSA PKCS#1 with SHA-256, and the certificate named by its SHA-1 thumbprint: for AD FS and old private clouds.
    case rs256
}

/// How much of the certificate travels with an assertion.
@nonexhaustive
public enum CertificateSending: Hashable, Sendable {
    /// Its thumbprint: enough where the certificate is uploaded to the app registration.
    case thumbprint
    /// The whole chain: for applications that trust a certificate by its subject and issuer.
    case chain
}

/// A JSON Web Token by which an application proves that it holds the key of its certificate.
struct SignedAssertion: Sendable {
    /// The token.
    let text: String

    /// How long an assertion is good for, in seconds.
    static let lifetime: Int64 = 600

    private struct Header: Encodable {
        let alg: String
        let typ = "JWT"
        var x5t: String?
        var x5tS256: String?
        var x5c: [String]?

        enum CodingKeys: String, CodingKey {
            case alg, typ, x5t, x5c
            case x5tS256 = "x5t#S256"
        }
    }

    private struct Payload: Encodable {
        let aud: String
        let iss: String
        let sub: String
        let jti: String
        let iat: Int64
        let nbf: Int64
        let exp: Int64
    }

    /// Makes and signs an assertion with an identifier of its own, for one request.
    init(
        of clientID: String, for audience: String, signedBy identity: SigningIdentity,
        _ signature: AssertionSignature = .ps256, sending: CertificateSending = .thumbprint, at now: Date
    ) throws(KeyDefect) {
        var header: Header
        switch signature {
        case .ps256:
            header = Header(alg: "PS256")
            header.x5tS256 = Data(identity.leaf.sha256).base64URL
        case .rs256:
            header = Header(alg: "RS256")
            header.x5t = Data(identity.leaf.sha1).base64URL
        }
        if sending == .chain {
            header.x5c = ([identity.leaf] + identity.others).map { Data($0.der).base64EncodedString() }
        }
        let seconds = Int64(now.timeIntervalSince1970)
        let payload = Payload(
            aud: audience, iss: clientID, sub: clientID, jti: UUID().uuidString.lowercased(), iat: seconds,
            nbf: seconds,
            exp: seconds + Self.lifetime)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let first = try? encoder.encode(header), let second = try? encoder.encode(payload) else {
            throw .cannotSign
        }
        let signed = "\(first.base64URL).\(second.base64URL)"
        text = "\(signed).\(Data(try identity.key.signature(of: Array(signed.utf8), signature)).base64URL)"
    }
}

extension SignedAssertion: CustomStringConvertible, CustomReflectable {
    /// What it is, and nothing of what it holds.
    var description: String { "SignedAssertion(<redacted>)" }

    /// Nothing but the ``description``.
    var customMirror: Mirror { Mirror(self, children: ["assertion": description]) }
}
