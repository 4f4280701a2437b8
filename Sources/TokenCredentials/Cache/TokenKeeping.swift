/// A credential that keeps its tokens itself, because it can tell better than a clock when they end.
///
/// A ``CachedCredential`` round it keeps nothing of its own and asks it every time: a tool's token, for one, ends when
/// somebody else signs in to the tool. Conform only if a good token is returned at once, without asking anybody, and
/// implement ``TokenCredential/forgetToken(for:ifStill:)``.
public protocol TokenKeeping: TokenCredential {}

extension TokenKeeping {
    /// Always, unless the type says otherwise.
    public var keepsTokens: Bool { true }
}
