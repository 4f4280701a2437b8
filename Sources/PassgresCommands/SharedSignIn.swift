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
        // Each time: in a process that runs for long somebody may sign in as somebody else.
        let (signIn, store) = try await signIns.usableSignIn()
        let identity = SharedTokenIdentity(
            "\(signIn.accountID ?? signIn.account ?? "somebody") by \(signIn.clientID)",
            tenant: environment["AZURE_TENANT_ID"]?.trimmed ?? signIn.tenant, authority: signIn.authority.url)
        return try await SharedTokenCredential(
            base, of: identity, in: .standard(environment: environment), keepingTokensIn: store
        ).token(for: request)
    }
}
