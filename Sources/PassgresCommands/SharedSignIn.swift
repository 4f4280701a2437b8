import EntraSignIn
import SecretStoreCredentials
import SharedTokenCache
import TokenCredentials

/// The tokens of a person's sign-in, shared between processes and kept where the sign-in is: nowhere weaker.
struct SharedSignIn: TokenCredential {
    private let base: any TokenCredential
    private let signIns: SecretStoreCredential
    private let environment: ProcessEnvironment

    /// Wraps the credential `secret-store`.
    init(_ base: any TokenCredential, _ environment: ProcessEnvironment) {
        self.base = base
        self.environment = environment
        signIns = SecretStoreCredential(environment: environment)
    }

    var name: String { base.name }

    func token(for request: TokenRequest) async throws(CredentialError) -> AccessToken {
        // Why there is no sign-in to be used, the credential itself says best.
        guard let shared = await shared() else { return try await base.token(for: request) }
        return try await shared.token(for: request)
    }

    /// Looks each time: in a process that runs for long somebody may sign in as somebody else.
    private func shared() async -> SharedTokenCredential? {
        guard let (signIn, store) = await signIns.usableSignIn() else { return nil }
        let identity = SharedTokenIdentity(
            "\(signIn.accountID ?? signIn.account ?? "somebody") by \(signIn.clientID)",
            tenant: environment["AZURE_TENANT_ID"]?.trimmed ?? signIn.tenant, authority: signIn.authority.url)
        return SharedTokenCredential(
            base, of: identity, in: .standard(environment: environment), keepingTokensIn: store)
    }
}
