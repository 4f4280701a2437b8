import FoundationEssentials
package import TokenCredentials

/// What the token endpoint answered.
package struct TokenReply: Sendable {
    /// The token.
    package let token: AccessToken
    /// What replaces the refresh token that was sent, or is the first one.
    package let refreshToken: String?
    /// Who signed in, as a JSON Web Token.
    package let idToken: String?
    /// Whose account it is, base64url JSON with `uid` and `utid`.
    package let clientInfo: String?

    /// What is wrong with an answer that should have been a token; half a sentence that follows "answered".
    struct Defect: Error, Hashable {
        let text: String
        init(_ text: String) { self.text = text }
    }

    init(_ body: [UInt8], receivedAt now: Date) throws(Defect) {
        guard let reply = JSONDocument.object(in: body) else {
            throw Defect(
                body.allSatisfy { $0 <= 0x20 }
                    ? "with nothing where a token should be" : "with something else than the JSON of a token")
        }
        guard let secret = reply["access_token"]?.text else { throw Defect("without a token") }
        // A token of another type would be presented wrongly.
        guard let type = reply["token_type"]?.text, type.lowercased() == "bearer" else {
            throw Defect("with a token that is not a bearer token")
        }
        let refreshAt = TokenExpiry.seconds(reply["refresh_in"]).map { now.addingTimeInterval($0) }
        do throws(AccessToken.Flaw) {
            token = try AccessToken(
                received: secret, until: TokenExpiry.date(in: reply, now: now), renewedFrom: refreshAt,
                now: now)
        } catch {
            switch error {
            case .foreignCharacter: throw Defect("with a token that holds characters no token may hold")
            case .endUnknown: throw Defect("with a token that does not say, believably, when it ends")
            case .ended: throw Defect("with a token that has ended by this machine's clock")
            }
        }
        guard token.expiresAt <= now.addingTimeInterval(AccessToken.longestLife) else {
            throw Defect("with a token that does not say, believably, when it ends")
        }
        refreshToken = reply["refresh_token"]?.text
        idToken = reply["id_token"]?.text
        clientInfo = reply["client_info"]?.text
    }
}

extension TokenReply: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The token's description and whether a refresh token came with it.
    package var description: String {
        "TokenReply(\(token), \(refreshToken == nil ? "no refresh token" : "refresh token <redacted>"))"
    }

    /// The same as ``description``.
    package var debugDescription: String { description }

    /// Nothing but the ``description``.
    package var customMirror: Mirror { Mirror(self, children: ["reply": description]) }
}

/// When a token ends, by what came with it.
enum TokenExpiry {
    /// The first believable of `expires_in` and `expires_on`.
    static func date(in reply: JSONValue, now: Date) -> Date? {
        let candidates = [
            seconds(reply["expires_in"]).map { now.addingTimeInterval($0) },
            seconds(reply["expires_on"]).map { Date(timeIntervalSince1970: $0) },
        ]
        return candidates.compactMap { $0 }.first { date in
            let life = date.timeIntervalSince(now)
            return life >= 1 && life <= AccessToken.longestLife
        }
    }

    /// A number of seconds, as a number or as a text of digits.
    static func seconds(_ value: JSONValue?) -> Double? {
        switch value {
        case .number(let number): number
        case .string(let text): Int64(text).map(Double.init)
        default: nil
        }
    }
}

/// Reading a body as JSON.
package enum JSONDocument {
    /// The object that a body is; `nil` if it is anything else.
    package static func object(in body: [UInt8]) -> JSONValue? {
        guard case .object(let members)? = try? JSONDecoder().decode(JSONValue.self, from: Data(body)) else {
            return nil
        }
        return .object(members)
    }
}
