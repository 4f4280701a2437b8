import EntraSignIn
import SecretStoreCredentials
import SharedTokenCache
import TokenCredentials

/// The tokens of a person's sign-in, shared between processes and kept where the sign-in is: nowhere weaker.
struct SharedSignIn: CredentialWrapper {
    /// The credential `secret-store`, in whatever goes round it.
    let base: any TokenCredential
    /// The credential itself.
    let signIns: SecretStoreCredential
    let directory: SharedTokenDirectory
    let environment: ProcessEnvironment
    let reporting: @Sendable (Diagnosis) -> Void

    func token(for request: TokenRequest) async throws(CredentialError) -> AccessToken {
        try await shared().token(for: request)
    }

    func forgetToken(for request: TokenRequest, ifStill token: AccessToken?) async {
        guard let shared = try? await shared() else {
            return await base.forgetToken(for: request, ifStill: token)
        }
        await shared.forgetToken(for: request, ifStill: token)
    }

    /// The credential with the tokens of the sign-in that is kept now: in a process that runs for long somebody may sign in
    /// as somebody else.
    private func shared() async throws(CredentialError) -> SharedTokenCredential {
        let (signIn, store) = try await signIns.usableSignIn()
        let identity = SharedTokenIdentity(
            "\(signIn.accountID ?? signIn.account ?? "somebody") by \(signIn.clientID)",
            tenant: environment["AZURE_TENANT_ID"]?.trimmed ?? signIn.tenant, authority: signIn.authority.url)
        return SharedTokenCredential(
            base, of: identity, in: directory, keepingTokensIn: store, reporting: reporting)
    }
}
