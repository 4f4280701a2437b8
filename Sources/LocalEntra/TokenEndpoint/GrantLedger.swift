import FoundationEssentials
import TokenCredentials

/// What the token endpoint has to remember from one request to the next.
final class GrantLedger: Sendable {
    struct Refresh: Sendable {
        let user: String
        let clientID: String
        let scope: String
    }

    /// A code that the browser brought back.
    struct Code: Sendable {
        let user: String
        let clientID: String
        let scope: String
        let redirectURI: String
        let challenge: String
        let nonce: String?
        let expiresAt: Date
    }

    struct Device: Sendable {
        let userCode: String
        let clientID: String
        let scope: String
        let expiresAt: Date
        var interval: Double
        var lastPoll: Date?
        var answer: SignInAnswer?
    }

    private struct State {
        var refresh: [String: Refresh] = [:]
        var codes: [String: Code] = [:]
        var usedCodes: Set<String> = []
        var devices: [String: Device] = [:]
        var assertions: Set<String> = []
        var browserAnswer: SignInAnswer?
    }

    private let state = Guarded(State())

    /// Remembers an assertion; false if it was here before.
    func recordAssertion(_ identifier: String) -> Bool {
        state.withLock { $0.assertions.insert(identifier).inserted }
    }

    /// Makes a refresh token.
    func recordRefresh(user: String, clientID: String, scope: String) -> String {
        let token = "1.AA" + randomText(700)
        state.withLock { $0.refresh[token] = Refresh(user: user, clientID: clientID, scope: scope) }
        return token
    }

    func refresh(_ token: String) -> Refresh? { state.withLock { $0.refresh[token] } }

    func revokeRefreshTokens() { state.withLock { $0.refresh = [:] } }

    func record(_ code: Code) -> String {
        let text = "1.AB" + randomText(400)
        state.withLock { $0.codes[text] = code }
        return text
    }

    /// Redeems a code, which works once.
    func redeem(_ text: String) throws(EntraRefusal) -> Code {
        let (code, isUsed) = state.withLock { state -> (Code?, Bool) in
            guard let code = state.codes.removeValue(forKey: text) else { return (nil, state.usedCodes.contains(text)) }
            state.usedCodes.insert(text)
            return (code, false)
        }
        if let code { return code }
        if isUsed { throw EntraRefusal("invalid_grant", 54005, "the authorization code was already redeemed") }
        throw EntraRefusal("invalid_grant", 9_002_313, "the authorization code is not one of this service")
    }

    func record(_ device: Device) -> String {
        let code = "1.AC" + randomText(180)
        state.withLock { $0.devices[code] = device }
        return code
    }

    /// The device grants nobody has answered yet.
    var waitingUserCodes: [String] {
        state.withLock { $0.devices.values.filter { $0.answer == nil }.map(\.userCode).sorted() }
    }

    /// Lets the user of a code answer; false if no device shows that code.
    func answer(userCode: String, _ answer: SignInAnswer) -> Bool {
        state.withLock { state in
            guard let code = state.devices.first(where: { $1.userCode == userCode })?.key else { return false }
            state.devices[code]?.answer = answer
            return true
        }
    }

    /// Notes a poll and returns the device as it was before; one that has an answer is forgotten.
    func poll(_ code: String, now: Date) -> Device? {
        state.withLock { state in
            guard let device = state.devices[code] else { return nil }
            if device.answer != nil {
                state.devices[code] = nil
            } else {
                let isEarly = device.lastPoll.map { now.timeIntervalSince($0) < device.interval - 0.25 } ?? false
                // RFC 8628, section 3.5: who polls too fast waits five seconds longer from then on.
                if isEarly { state.devices[code]?.interval += 5 }
                state.devices[code]?.lastPoll = now
            }
            return device
        }
    }

    /// Who sits at the browser; `nil` until somebody was named.
    var browserAnswer: SignInAnswer? {
        get { state.withLock { $0.browserAnswer } }
        set { state.withLock { $0.browserAnswer = newValue } }
    }
}

/// What a person does when a sign-in page asks.
public enum SignInAnswer: Hashable, Sendable {
    /// Signs in as the user of that principal name.
    case approve(principalName: String)
    /// Says no.
    case decline
}
