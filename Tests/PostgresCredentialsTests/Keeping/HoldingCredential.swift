import Synchronization
import TokenCredentials

/// Hands out the last token again where it cannot get another, as caches do while it is good.
final class HoldingCredential: TokenCredential {
    let name = "holding"
    private let base: any TokenCredential
    private let last = Mutex<AccessToken?>(nil)

    init(base: any TokenCredential) { self.base = base }

    func token(for request: TokenRequest) async throws(CredentialError) -> AccessToken {
        do throws(CredentialError) {
            let token = try await base.token(for: request)
            last.withLock { $0 = token }
            return token
        } catch {
            guard let token = last.withLock({ $0 }) else { throw error }
            WaitRecord.note(error: error.diagnosis?.problem ?? "")
            return token
        }
    }
}
