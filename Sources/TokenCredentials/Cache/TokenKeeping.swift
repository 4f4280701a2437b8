/// A credential that keeps its tokens itself, because it can tell better than a clock when they end.
///
/// A ``CachedCredential`` round it keeps nothing of its own and asks it every time: a tool's token, for one, ends when
/// somebody else signs in to the tool. Conform only if a good token is returned at once, without asking anybody.
public protocol TokenKeeping: TokenCredential {
    /// Whether tokens are kept, as things stand now.
    var keepsTokens: Bool { get }

    /// Forgets the token for a request, so that the next call asks; for use after a service turned it down.
    func forgetToken(for request: TokenRequest)
}

extension TokenKeeping {
    /// Always, unless the type says otherwise.
    public var keepsTokens: Bool { true }

    /// Nothing, unless the type says otherwise.
    public func forgetToken(for request: TokenRequest) {}
}

extension CachedCredential: TokenKeeping {}

extension CredentialChain: TokenKeeping {
    /// Whether the credential the chain has settled on keeps its tokens.
    public var keepsTokens: Bool { (settledCredential as? any TokenKeeping)?.keepsTokens ?? false }

    /// Has every credential of the chain that keeps tokens forget the one for a request.
    public func forgetToken(for request: TokenRequest) {
        for credential in credentials { (credential as? any TokenKeeping)?.forgetToken(for: request) }
    }
}
