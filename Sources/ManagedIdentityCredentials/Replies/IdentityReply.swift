import FoundationEssentials
import TokenCredentials

/// A reply with a token, in any of the shapes in which the hosts send one.
struct IdentityReply {
    /// What is wrong with a reply, as half a sentence after the endpoint's name; never quotes it.
    struct Flaw: Error {
        let problem: String
        var remedy: String?
        /// Whether no identity endpoint answers like that, so that what answered is something else.
        var isStrange = false
    }

    /// The longest life believed; tokens of managed identities live 24 hours at most.
    static let longestLife: TimeInterval = 48 * 3600

    let document: JSONValue

    init(_ body: [UInt8]) throws(Flaw) {
        guard body.contains(where: { ![9, 10, 13, 32].contains($0) }) else {
            throw Flaw(problem: "answered with nothing at all", isStrange: true)
        }
        guard let document = try? JSONDecoder().decode(JSONValue.self, from: Data(body)), case .object = document else {
            let isHTML = body.first { ![9, 10, 13, 32].contains($0) } == UInt8(ascii: "<")
            throw Flaw(
                problem: "answered with \(isHTML ? "a web page" : "something") and not with JSON", isStrange: true)
        }
        self.document = document
    }

    /// The token.
    ///
    /// Throws if there is none, or none that is good now.
    func token(now: Date) throws(Flaw) -> AccessToken {
        guard let secret = document["access_token"]?.text else {
            throw Flaw(problem: "answered without an access token")
        }
        // Visible ASCII without blanks is what a bearer token is made of; anything else could break out of a header.
        guard secret.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw Flaw(problem: "answered with an access token that holds a line break or another foreign character")
        }
        if let type = document["token_type"]?.text, type.lowercased() != "bearer" {
            throw Flaw(problem: "answered with a token that is no bearer token")
        }
        let end = try end(of: secret, now: now)
        return AccessToken(secret: secret, expiresAt: end, refreshAt: refreshDate(now: now))
    }

    /// `expires_on`, else `expires_in`, else what the token says of itself.
    private func end(of secret: String, now: Date) throws(Flaw) -> Date {
        let end: Date
        if let value = present("expires_on") {
            guard let date = ExpiryText.date(value, now: now) else { throw unreadable("expires_on") }
            end = date
        } else if let value = present("expires_in") {
            guard let seconds = ExpiryText.seconds(value), abs(seconds) < 1e12 else { throw unreadable("expires_in") }
            end = now.addingTimeInterval(seconds)
        } else if let date = TokenClaims(token: secret)?.date("exp") {
            end = date
        } else {
            throw Flaw(problem: "did not say when its token ends")
        }
        guard end > now else {
            throw Flaw(
                problem: "answered with a stale date: its token ended before it came",
                remedy: "Check the clock of this machine, and try again later.")
        }
        guard end <= now.addingTimeInterval(Self.longestLife) else {
            throw Flaw(
                problem: "answered with a date of expiry more than 48 hours away, which no such token has",
                remedy: "Check the clock of this machine.")
        }
        return end
    }

    /// The time from which the host would rather be asked again; what cannot be understood is left out.
    private func refreshDate(now: Date) -> Date? {
        if let value = present("refresh_on"), let date = ExpiryText.date(value, now: now) { return date }
        guard let value = present("refresh_in"), let seconds = ExpiryText.seconds(value), (0..<1e12).contains(seconds)
        else { return nil }
        return now.addingTimeInterval(seconds)
    }

    private func present(_ name: String) -> JSONValue? {
        switch document[name] {
        case nil, .null, .string(""): nil
        case let value: value
        }
    }

    private func unreadable(_ name: String) -> Flaw {
        Flaw(problem: "answered with a date of expiry (\(name)) that cannot be read")
    }
}
