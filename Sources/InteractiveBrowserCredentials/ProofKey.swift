import CTokenOpenSSL
import FoundationEssentials
import TokenCredentials

/// What only this sign-in knows: the verifier that redeems its code (RFC 7636), and the state that marks its reply.
struct ProofKey: Sendable {
    /// 43 characters, sent only to the token endpoint.
    let verifier: String
    /// The verifier's SHA-256 in base64url, which the browser may carry.
    let challenge: String
    /// What has to come back with the code.
    let state: String

    /// Draws both from the system's random numbers.
    init() throws(CredentialError) {
        var numbers = SystemRandomNumberGenerator()
        func draw() -> String { Data((0..<32).map { _ in UInt8.random(in: 0...255, using: &numbers) }).base64URL }
        try self.init(verifier: draw(), state: draw())
    }

    init(verifier: String, state: String) throws(CredentialError) {
        guard let digest = Self.sha256(Array(verifier.utf8)) else {
            throw .failed(Diagnosis("SHA-256 is not to be had from OpenSSL here", kind: .misconfigured))
        }
        self.verifier = verifier
        self.challenge = Data(digest).base64URL
        self.state = state
    }

    static func sha256(_ bytes: [UInt8]) -> [UInt8]? {
        var digest = [UInt8](repeating: 0, count: 32)
        var length: UInt32 = 0
        guard EVP_Digest(bytes, bytes.count, &digest, &length, EVP_sha256(), nil) == 1, length == 32 else { return nil }
        return digest
    }
}

extension ProofKey: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    var description: String { "ProofKey" }
    var debugDescription: String { description }
    var customMirror: Mirror { Mirror(self, children: []) }
}
