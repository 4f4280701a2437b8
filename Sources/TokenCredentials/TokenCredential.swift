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
}
