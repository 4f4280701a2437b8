import CredentialHTTP
import EntraSignIn
import EntraTokenEndpoint
import FoundationEssentials
import TokenCredentials

/// Asks whether the person is done, as often as the service allows and no longer than the code lasts (RFC 8628).
struct DeviceCodePolling: Sendable {
    /// The longest wait after a poll that got no answer.
    static let longestBackOff = Duration.seconds(30)
    /// What each `slow_down` adds to the interval (RFC 8628, section 3.5).
    static let slowDown = Duration.seconds(5)

    let endpoint: TokenEndpoint
    let clock: any WallClock

    /// Waits for the token.
    ///
    /// The first poll, too, comes one interval after the code: nobody types faster than that.
    func reply(to code: DeviceCodeReply, for request: TokenRequest) async throws(CredentialError) -> TokenReply {
        var interval = code.interval
        var wait = interval
        var trouble: CredentialError?
        while true {
            try await pause(wait, atLeast: interval, until: code, after: trouble)
            do throws(CredentialError) {
                return try await endpoint.token(.deviceCode(code.deviceCode), for: request)
            } catch {
                switch Answer(error) {
                case .pending:
                    wait = interval
                    trouble = nil
                case .tooFast:
                    interval += Self.slowDown
                    wait = interval
                    trouble = nil
                case .none:
                    // Somebody who cannot be reached is asked less and less often (RFC 8628, section 3.5).
                    wait = max(interval, min(wait * 2, Self.longestBackOff))
                    trouble = error
                case .busy(let asked):
                    // Once is the next poll; a service that stays in trouble is asked less often.
                    wait = max(interval, asked ?? (trouble == nil ? interval : min(wait * 2, Self.longestBackOff)))
                    trouble = error
                case .final(let error):
                    throw error
                }
            }
        }
    }

    private func pause(
        _ wait: Duration, atLeast interval: Duration, until code: DeviceCodeReply, after trouble: CredentialError?
    ) async throws(CredentialError) {
        let rest = Duration.seconds(code.expiresAt.timeIntervalSince(clock.now))
        guard rest >= interval else { throw Self.expired(trouble) }
        do throws(CancellationError) {
            try await clock.sleep(for: min(wait, rest))
        } catch {
            throw .cancelled
        }
    }

    private static func expired(_ trouble: CredentialError?) -> CredentialError {
        if let diagnosis = trouble?.diagnosis {
            return .failed(
                Diagnosis(
                    "the code expired while \(diagnosis.problem)", remedy: .signInAgain, kind: .temporary,
                    facts: diagnosis.facts, cause: diagnosis.cause))
        }
        return .failed(
            Diagnosis("the code was not entered in time", remedy: .signInAgain, kind: .signInNeeded))
    }

    /// What a poll that brought no token means.
    private enum Answer {
        case pending
        case tooFast
        case none
        /// Asked for that much patience, if for any.
        case busy(Duration?)
        case final(CredentialError)

        /// What Entra says to a client it holds for one that runs in circles: polling on would prove it right.
        private static let loopDetected = 50196

        init(_ error: CredentialError) {
            let diagnosis = error.diagnosis
            let refusal = diagnosis?.cause as? EntraError
            switch refusal?.error {
            case "authorization_pending": self = .pending
            case "slow_down": self = .tooFast
            // Entra has a word of its own for what RFC 8628 calls access_denied.
            case "authorization_declined", "access_denied":
                self = .final(
                    error.retold(
                        "the sign-in was declined", remedy: "Sign in again and approve: passgres login.",
                        kind: .refused))
            case "expired_token":
                self = .final(
                    error.retold("the code was not entered in time", remedy: .signInAgain, kind: .signInNeeded))
            case "bad_verification_code":
                self = .final(
                    error.retold(
                        "the code is not known, or was mistyped", remedy: .signInAgain, kind: .signInNeeded))
            default:
                if (diagnosis?.cause as? HTTPTransportError)?.isTemporary == true {
                    self = .none
                } else if diagnosis?.kind == .temporary, refusal?.code != Self.loopDetected {
                    self = .busy(diagnosis?.retryAfter)
                } else {
                    self = .final(error)
                }
            }
        }
    }
}
