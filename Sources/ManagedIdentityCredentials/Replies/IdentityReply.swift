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
        if let type = document["token_type"]?.text, type.lowercased() != "bearer" {
            throw Flaw(problem: "answered with a token that is no bearer token")
        }
        let stated = try statedEnd(now: now)
        let token: AccessToken
        do throws(AccessToken.Flaw) {
            token = try AccessToken(
                received: secret, until: stated, renewedFrom: refreshDate(now: now), now: now)
        } catch {
            switch error {
            case .foreignCharacter:
                throw Flaw(
                    problem: "answered with an access token that holds a line break or another foreign character")
            case .endUnknown: throw Flaw(problem: "did not say when its token ends")
            case .ended:
                throw Flaw(
                    problem: "answered with a stale date: its token ended before it came",
                    remedy: "Check the clock of this machine, and try again later.")
            }
        }
        guard token.expiresAt <= now.addingTimeInterval(AccessToken.longestLife) else {
            throw Flaw(
                problem: "answered with a date of expiry more than 48 hours away, which no such token has",
                remedy: "Check the clock of this machine.")
        }
        return token
    }

    /// `expires_on`, else `expires_in`; `nil` where there is neither.
    private func statedEnd(now: Date) throws(Flaw) -> Date? {
        if let value = present("expires_on") {
            guard let date = ExpiryText.date(value, now: now) else { throw unreadable("expires_on") }
            return date
        }
        guard let value = present("expires_in") else { return nil }
        guard let seconds = ExpiryText.seconds(value), abs(seconds) < 1e12 else { throw unreadable("expires_in") }
        return now.addingTimeInterval(seconds)
    }

    /// The time from which the host would rather be asked again; what cannot be understood is left out.
    private func refreshDate(now: Date) -> Date? {
        if let value = present("refresh_on"), let date = ExpiryText.date(value, now: now), date > now { return date }
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
