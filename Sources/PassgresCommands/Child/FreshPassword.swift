import FoundationEssentials
import PostgresCredentials
import TokenCredentials

/// Renews the password in a private file for as long as a program runs.
struct FreshPassword: Sendable {
    let file: PrivatePasswordFile
    let credential: any TokenCredential
    let request: TokenRequest
    let first: AccessToken
    let policy = RenewalPolicy()
    let clock: any WallClock = SystemClock()

    /// Renews until the task is cancelled. A failure leaves the old password and is tried again after half a minute, or
    /// as long as the issuer asks; `note` hears of it.
    func keep(_ note: @Sendable (String) -> Void) async {
        var next = policy.renewalDate(of: first, obtainedAt: clock.now, chance: .random(in: 0...1))
        while true {
            do {
                try await clock.sleep(until: next)
                let token = try await credential.token(for: request)
                try await file.store(token.secret)
                next = max(
                    policy.renewalDate(of: token, obtainedAt: clock.now, chance: .random(in: 0...1)),
                    clock.now.addingTimeInterval(1))
            } catch is CancellationError {
                return
            } catch CredentialError.cancelled {
                return
            } catch {
                let wait = (error as? CredentialError)?.diagnosis?.retryAfter ?? policy.pause
                note("the password could not be renewed, the old one stays: \(error)")
                next = clock.now.addingTimeInterval(max(wait, policy.pause).inSeconds)
            }
        }
    }
}
