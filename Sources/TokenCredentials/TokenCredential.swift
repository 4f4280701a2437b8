/// A source of access tokens.
///
/// Conform a type of your own to add a source this package does not know. Decide one thing for every way the source can
/// disappoint: does it *not apply here*, or does it apply and *not work*? Throw ``CredentialError/unavailable(_:)`` for
/// the first and ``CredentialError/failed(_:)`` for the second; a ``CredentialChain`` moves on after the first and stops
/// at the second. Do not cache: wrap the credential in ``CachedCredential`` for that.
public protocol TokenCredential: Sendable {
    /// The name by which reports, logs and the registry know this credential, such as `"azure-cli"`.
    var name: String { get }

    /// Returns a token that satisfies the request. Several tasks may call this at once.
    ///
    /// Throws ``CredentialError/cancelled`` when the calling task is cancelled, and soon.
    func token(for request: TokenRequest) async throws(CredentialError) -> AccessToken

    /// Whether good tokens are kept here and returned at once, as things stand now.
    ///
    /// A ``CachedCredential`` round such a credential keeps nothing of its own and asks it every time. No, unless the type
    /// says otherwise.
    var keepsTokens: Bool { get }

    /// Forgets the token for a request, here and wherever else it is kept on the way to its source; for use after a
    /// service turned it down.
    ///
    /// What to do for a credential that keeps no tokens: nothing, and so it is unless the type says otherwise. A type that
    /// holds another credential conforms to ``CredentialWrapper``, which passes this on.
    ///
    /// - Parameter token: The token that was turned down: one that somebody has obtained since stays. `nil` for whatever is
    ///   kept.
    func forgetToken(for request: TokenRequest, ifStill token: AccessToken?) async
}

extension TokenCredential {
    /// No.
    public var keepsTokens: Bool { false }

    /// Nothing: no tokens are kept.
    public func forgetToken(for request: TokenRequest, ifStill token: AccessToken?) async {}

    /// Forgets whatever token is kept for a request, so that the next call asks; for use after a service turned it down.
    public func forgetToken(for request: TokenRequest) async {
        await forgetToken(for: request, ifStill: nil)
    }
}
