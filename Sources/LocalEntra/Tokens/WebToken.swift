import FoundationEssentials
import TokenCredentials

/// A JSON Web Token in its compact form (RFC 7515, section 7.1), taken apart but not yet believed.
struct WebToken {
    let header: [String: JSONValue]
    private let payload: Data
    private let signed: Data
    private let signature: Data

    /// Takes a text apart; `nil` unless it is three parts in strict base64url of which the first is a JSON object.
    init?(_ text: String) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, let header = Self.strictlyDecoded(parts[0]),
            let payload = Self.strictlyDecoded(parts[1]), let signature = Self.strictlyDecoded(parts[2]),
            case .object(let members)? = try? JSONDecoder().decode(JSONValue.self, from: header)
        else { return nil }
        self.header = members
        self.payload = payload
        self.signature = signature
        signed = Data((parts[0] + "." + parts[1]).utf8)
    }

    /// The signature scheme that the header names, if it is one of ours.
    var scheme: AsymmetricKey.Scheme? { header["alg"]?.text.flatMap(AsymmetricKey.Scheme.init) }

    /// Whether the key signed this token.
    func isSigned(by key: AsymmetricKey) -> Bool {
        guard let scheme else { return false }
        return key.verifies(signature, over: signed, scheme)
    }

    /// The claims; `nil` if they are not a JSON object.
    var claims: [String: JSONValue]? {
        guard case .object(let members)? = try? JSONDecoder().decode(JSONValue.self, from: payload) else { return nil }
        return members
    }

    /// Makes a signed token.
    static func signed(
        header: [String: JSONValue], claims: [String: JSONValue], by key: AsymmetricKey,
        _ scheme: AsymmetricKey.Scheme = .rs256
    ) throws -> String {
        var header = header
        if header["alg"] == nil { header["alg"] = .string(scheme.rawValue) }
        if header["typ"] == nil { header["typ"] = .string("JWT") }
        let signed = JSONValue.object(header).bytes.base64URL + "." + JSONValue.object(claims).bytes.base64URL
        return signed + "." + (try key.signature(of: Data(signed.utf8), scheme)).base64URL
    }

    /// Decodes only what an encoder writes: a changed last character may otherwise mean the same bytes.
    private static func strictlyDecoded(_ part: Substring) -> Data? {
        guard let bytes = Data(base64URL: part), bytes.base64URL == part else { return nil }
        return bytes
    }
}
