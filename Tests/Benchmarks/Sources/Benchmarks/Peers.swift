import CBenchPQ
import TokenCredentials

/// A cache as one writes it in a minute: an actor round a dictionary, with no eye to expiry, renewal or concurrency.
actor PlainCache {
    private var tokens: [TokenRequest: AccessToken] = [:]
    private let base: any TokenCredential

    init(_ base: any TokenCredential) {
        self.base = base
    }

    func token(for request: TokenRequest) async throws(CredentialError) -> AccessToken {
        if let token = tokens[request] { return token }
        let token = try await base.token(for: request)
        tokens[request] = token
        return token
    }
}

/// A credential that answers at once.
struct InstantCredential: TokenCredential {
    let name: String
    let outcome: Result<AccessToken, CredentialError>

    func token(for request: TokenRequest) async throws(CredentialError) -> AccessToken { try outcome.get() }
}

/// Asks one after the other, and forgets what they said.
func askInTurn(_ credentials: [InstantCredential], _ request: TokenRequest) async -> AccessToken? {
    for credential in credentials {
        if let token = try? await credential.token(for: request) { return token }
    }
    return nil
}

/// libpq's own reader of connection strings.
func parseByLibpq(_ text: String) -> Bool {
    var message: UnsafeMutablePointer<CChar>?
    guard let options = PQconninfoParse(text, &message) else { return false }
    PQconninfoFree(options)
    return true
}
