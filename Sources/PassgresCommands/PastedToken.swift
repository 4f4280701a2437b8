import FoundationEssentials
import TokenCredentials

/// A token that somebody hands in, with whatever stands round it: blanks, quotes, the word Bearer, a variable's name, or
/// the document in which a tool prints one.
struct PastedToken {
    /// The longest text that is read, in bytes.
    static let longest = 1 << 20

    /// The token, which ends when it says so itself; in the far future if it does not.
    let token: AccessToken
    /// What it says of itself.
    let claims: TokenClaims

    /// Finds the token in a text.
    ///
    /// Throws ``CommandFailure`` with status 64 if there is none that can be decoded, and quotes nothing of it.
    init(_ bytes: [UInt8]) throws(CommandFailure) {
        let text = String(decoding: bytes, as: UTF8.self)
        let document = try? JSONDecoder().decode(JSONValue.self, from: Data(bytes))
        let candidates = Self.texts(in: document).flatMap(Self.candidates) + Self.candidates(in: text)
        for candidate in candidates {
            guard let claims = TokenClaims(token: candidate) else { continue }
            token = AccessToken(secret: candidate, expiresAt: claims.date("exp") ?? .distantFuture)
            self.claims = claims
            return
        }
        throw CommandFailure(.usage, "this is no token that can be decoded: \(Self.fault(candidates, text))")
    }

    /// Where tools put it: az, Entra and the identity endpoints, this tool and azd, PowerShell, Kubernetes.
    private static func texts(in document: JSONValue?) -> [String] {
        guard let document else { return [] }
        return [
            document, document["accessToken"], document["access_token"], document["token"], document["Token"],
            document["status"]?["token"], document["id_token"],
        ].compactMap { $0?.text }
    }

    /// Each word, then all of them together, since a terminal or a mail may have wrapped one.
    private static func candidates(in text: String) -> [String] {
        let words = text.split(whereSeparator: \.isWhitespace)
        return words.map(bare) + (words.count > 1 ? [bare(Substring(words.joined()))] : [])
    }

    /// A word from where a token begins in it, up to what no token holds.
    private static func bare(_ word: Substring) -> String {
        let start = word.firstRange(of: "eyJ")?.lowerBound ?? word.startIndex
        return String(word[start...].prefix { $0.isASCII && ($0.isLetter || $0.isNumber || "-_.".contains($0)) })
    }

    private static func fault(_ candidates: [String], _ text: String) -> String {
        if !text.contains(where: { !$0.isWhitespace }) { return "it is empty" }
        guard let token = candidates.first(where: { $0.hasPrefix("eyJ") }) else {
            return "it holds no JSON Web Token, which begins with eyJ"
        }
        let parts = token.split(separator: ".", omittingEmptySubsequences: false).count
        return switch parts {
        case 5: "it is encrypted, and only the service that it is for can read it"
        case 3: "its middle part is damaged"
        default: "it has \(parts) of a token's 3 parts"
        }
    }
}
