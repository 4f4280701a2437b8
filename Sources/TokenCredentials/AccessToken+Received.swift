package import FoundationEssentials

extension AccessToken {
    /// Why what a source handed out is no token.
    package enum Flaw: Error, Hashable {
        /// It holds a blank, a line break or another byte that no bearer token has (RFC 6750, section 2.1), and that could
        /// break out of a header or a line.
        case foreignCharacter
        /// Neither its source nor the token itself says when it ends.
        case endUnknown
        /// It ended at that time.
        case ended(Date)
    }

    /// The longest life that is believed, in seconds: Entra's longest tokens live 28 hours.
    package static let longestLife: TimeInterval = 48 * 3600

    /// Makes a token of what a source handed out, as far as that can be believed.
    ///
    /// It ends when the source says or, if that is earlier, when it says itself (`exp`, RFC 7519, section 4.1.4). One with
    /// less than a second to live has ended: such times are whole seconds. A renewal date outside its life is dropped.
    package init(
        received secret: String, until stated: Date?, renewedFrom refreshAt: Date? = nil, user: String? = nil, now: Date
    ) throws(Flaw) {
        guard secret.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else { throw .foreignCharacter }
        guard let end = Self.end(of: secret, stated: stated) else { throw .endUnknown }
        guard !Self.hasEnded(at: end, now: now) else { throw .ended(end) }
        self.init(
            secret: secret, expiresAt: end, refreshAt: Self.renewal(from: refreshAt, before: end, now: now), user: user)
    }

    /// When a token ends: the time its source states, or its own `exp` where that is earlier or stands alone.
    package static func end(of secret: String, stated: Date?) -> Date? {
        guard let own = TokenClaims(token: secret)?.date("exp") else { return stated }
        return stated.map { min($0, own) } ?? own
    }

    /// Whether a token that ends then has ended.
    package static func hasEnded(at end: Date, now: Date) -> Bool { end.timeIntervalSince(now) < 1 }

    /// The date from which a token is renewed, if it lies within the token's life.
    package static func renewal(from date: Date?, before end: Date, now: Date) -> Date? {
        date.flatMap { $0 > now && $0 < end ? $0 : nil }
    }
}
