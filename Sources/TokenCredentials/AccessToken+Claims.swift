public import FoundationEssentials

/// What a token says of itself, read without checking its signature: good for advice, never for a decision on access.
public struct TokenClaims: Sendable {
    /// The claims by name.
    public let values: [String: JSONValue]

    /// Reads the middle part of a JSON Web Token; `nil` if the text is not one. Tokens of other kinds have no claims.
    public init?(token: String) {
        let parts = token.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, let payload = Data(base64URL: parts[1]),
            case .object(let values)? = try? JSONDecoder().decode(JSONValue.self, from: payload)
        else { return nil }
        self.values = values
    }

    package init(_ values: [String: JSONValue]) { self.values = values }

    /// The claim as text, if it is a text that is not empty.
    public subscript(_ name: String) -> String? {
        guard case .string(let text)? = values[name], !text.isEmpty else { return nil }
        return text
    }

    /// The claim as a time (UTC), if it is a number of seconds since 1970 within the years 1 to 9999.
    public func date(_ name: String) -> Date? {
        guard case .number(let seconds)? = values[name], (-62_135_596_800..<253_402_300_800).contains(seconds) else {
            return nil
        }
        return Date(timeIntervalSince1970: seconds)
    }
}

extension AccessToken {
    /// What the token says of itself, unchecked; `nil` for a token that is not a JSON Web Token.
    public var claims: TokenClaims? { TokenClaims(token: secret) }
}

extension Data {
    /// Decodes base64url as JSON Web Tokens use it (RFC 7515, section 2): no padding, `-` and `_`.
    package init?(base64URL text: some StringProtocol) {
        var standard = text.utf8.map { byte in
            switch byte {
            case UInt8(ascii: "-"): UInt8(ascii: "+")
            case UInt8(ascii: "_"): UInt8(ascii: "/")
            default: byte
            }
        }
        while standard.count % 4 != 0 { standard.append(UInt8(ascii: "=")) }
        self.init(base64Encoded: Data(standard))
    }

    /// The base64url form of the bytes (RFC 7515, section 2), without padding.
    package var base64URL: String {
        let text = base64EncodedString().utf8.compactMap { byte -> UInt8? in
            switch byte {
            case UInt8(ascii: "+"): UInt8(ascii: "-")
            case UInt8(ascii: "/"): UInt8(ascii: "_")
            case UInt8(ascii: "="): nil
            default: byte
            }
        }
        return String(decoding: text, as: UTF8.self)
    }
}
