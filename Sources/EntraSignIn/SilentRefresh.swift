package import EntraTokenEndpoint
package import TokenCredentials

/// Asks for a token with the sign-in that was kept, without the person.
package struct SilentRefresh: Sendable {
    /// How it went, where nobody needs to be told of a failure.
    package enum Outcome: Sendable {
        /// A token.
        case token(AccessToken)
        /// No sign-in is kept that this endpoint would take.
        case nothingKept
        /// The sign-in is good, and Entra wants the person for this request; with these claims, if it named any, and with
        /// the remedy for whoever has no person to ask.
        case personNeeded(CredentialError, claims: String?)
    }

    private let endpoint: TokenEndpoint
    private let kept: KeptSignIn

    package init(_ endpoint: TokenEndpoint, _ kept: KeptSignIn) {
        self.endpoint = endpoint
        self.kept = kept
    }

    /// Exchanges the refresh token kept, and keeps the one that replaces it.
    ///
    /// A refresh token that Entra no longer accepts is forgotten, unless another process has replaced it meanwhile;
    /// then that one is tried. Throws ``CredentialError/failed(_:)`` for whatever Entra answers but a token.
    package func token(for request: TokenRequest) async throws(CredentialError) -> Outcome {
        guard var signIn = try await kept.read(), signIn.serves(endpoint) else { return .nothingKept }
        var hasLookedAgain = false
        while true {
            do throws(CredentialError) {
                let reply = try await endpoint.token(.refreshToken(signIn.refreshToken), for: request)
                if let refreshToken = reply.refreshToken, refreshToken != signIn.refreshToken,
                    SignIn.isPrintable(refreshToken)
                {
                    await kept.replace(signIn, with: signIn.renewed(refreshToken, at: endpoint.now))
                }
                return .token(reply.token)
            } catch {
                switch Refusal(error) {
                case .none: throw error
                case .personNeeded(let claims):
                    return .personNeeded(error.retold(by: Self.remedy(for: error)), claims: claims)
                case .signInEnded:
                    if !hasLookedAgain, let stored = try await successor(of: signIn) {
                        signIn = stored
                        hasLookedAgain = true
                        continue
                    }
                    await kept.forget(signIn)
                    throw Self.ended(signIn, error)
                }
            }
        }
    }

    /// The sign-in that has taken the place of another; `nil` if none has, a moment later too.
    ///
    /// Where a refresh token serves once, the process that was faster may have its successor and not have stored it yet.
    /// To forget the old one then would lose both.
    private func successor(of old: SignIn) async throws(CredentialError) -> SignIn? {
        for pause in [Duration.zero, .seconds(1)] {
            if pause > .zero { try await endpoint.wait(for: pause) }
            guard let stored = try await kept.read(), stored.serves(endpoint) else { return nil }
            if stored.refreshToken != old.refreshToken { return stored }
        }
        return nil
    }

    private enum Refusal {
        case none
        case personNeeded(claims: String?)
        case signInEnded

        init(_ error: CredentialError) {
            guard let refusal = error.diagnosis?.cause as? EntraError, error.diagnosis?.kind == .signInNeeded else {
                // Signing in again helps neither against an outage nor against a policy.
                self = .none
                return
            }
            let wantsPerson = ["interaction_required", "login_required", "consent_required"].contains(refusal.error)
            let wantsMore = ["basic_action", "additional_action", "consent_required"].contains(refusal.suberror)
            // Said of the account or of this one request: elsewhere the sign-in is as good as before.
            let saysNothingOfIt = refusal.knowsNoAccount || refusal.demandsFactor
            if wantsPerson || wantsMore || saysNothingOfIt || refusal.claims != nil {
                self = .personNeeded(claims: refusal.claims)
            } else {
                self = refusal.error == "invalid_grant" ? .signInEnded : .none
            }
        }
    }

    private static func remedy(for error: CredentialError) -> String {
        guard let refusal = error.diagnosis?.cause as? EntraError, refusal.knowsNoAccount else { return .signInAgain }
        return "Check the tenant (--tenant, AZURE_TENANT_ID), or sign in as somebody else: passgres login."
    }

    private static func ended(_ signIn: SignIn, _ error: CredentialError) -> CredentialError {
        error.retold(
            "the sign-in\(signIn.account.map { " of \($0)" } ?? "") is no longer accepted: "
                + (error.diagnosis?.problem ?? "Entra refused it"),
            remedy: .signInAgain, kind: .signInNeeded)
    }
}

extension CredentialError {
    /// The same failure with another remedy.
    fileprivate func retold(by remedy: String) -> CredentialError {
        retold(diagnosis?.problem ?? "Entra wants the person", remedy: remedy, kind: .signInNeeded)
    }

    /// The same error in other words, with its facts and its cause.
    package func retold(_ problem: String, remedy: String, kind: Diagnosis.Kind) -> CredentialError {
        .failed(
            Diagnosis(
                problem, remedy: remedy, kind: kind, facts: diagnosis?.facts ?? [], cause: diagnosis?.cause))
    }
}
