import CredentialHTTP
import FoundationEssentials

extension HTTPResponse {
    /// How long the service asks to be left alone, up to an hour; half a minute if it says nothing.
    func askedWait(now: Date) -> Duration {
        min(.seconds(3600), retryAfter(now: now) ?? .seconds(30))
    }
}
