package import EntraTokenEndpoint
package import TokenCredentials

/// The steps that all credentials of a person share: the kept sign-in first, then the person.
package struct SignInFlow: Sendable {
    /// How a person is asked.
    package typealias Asking = (TokenRequest) async throws(CredentialError) -> TokenReply

    /// Where tokens are asked for.
    package private(set) var endpoint: TokenEndpoint
    private let kept: KeptSignIn
    private let reporting: @Sendable (Diagnosis) -> Void

    package init(
        _ endpoint: TokenEndpoint, keepingSignInIn store: (any SecretStore)?, profile: String,
        reporting: @escaping @Sendable (Diagnosis) -> Void
    ) {
        self.endpoint = endpoint
        self.kept = KeptSignIn(in: store, profile: profile, reporting: reporting)
        self.reporting = reporting
    }

    /// The same steps under other rules for tenants.
    package func following(_ rules: TenantRules) -> SignInFlow {
        var copy = self
        copy.endpoint.tenantRules = rules
        return copy
    }

    /// Asks silently, and asks the person if nothing is kept or Entra wants the person.
    package func token(for request: TokenRequest, asking ask: Asking) async throws(CredentialError) -> AccessToken {
        switch try await SilentRefresh(endpoint, kept).token(for: request) {
        case .token(let token): return token
        case .nothingKept: return try await signIn(for: request, asking: ask)
        case .personNeeded(let error, let claims):
            var request = request
            request.claims = claims ?? request.claims
            do throws(CredentialError) {
                return try await signIn(for: request, asking: ask)
            } catch .unavailable {
                // There is a sign-in, and it does not suffice: that is not the same as finding nothing.
                throw error
            }
        }
    }

    /// Asks the person, whatever is kept, and keeps the new sign-in in its place.
    package func signIn(for request: TokenRequest, asking ask: Asking) async throws(CredentialError) -> AccessToken {
        let reply = try await ask(request)
        if let signIn = SignIn(reply, from: endpoint, for: request) {
            await kept.keep(signIn)
        } else {
            reporting(
                Diagnosis(
                    "\(endpoint.authority.host) sent no refresh token, so the sign-in could not be kept",
                    remedy:
                        "Check that a policy of the tenant does not forbid it; a later token needs a sign-in again.",
                    kind: .refused))
        }
        return reply.token
    }
}
