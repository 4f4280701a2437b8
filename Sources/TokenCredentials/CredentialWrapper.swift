/// A credential that holds another one and adds something to it, such as a log or a place where tokens are kept.
///
/// It only has to say which one it holds: the name, and everything that concerns tokens that are kept, is that one's unless
/// the type says otherwise. A wrapper that is not of this kind would keep ``TokenCredential/forgetToken(for:ifStill:)``
/// from those inside it.
public protocol CredentialWrapper: TokenCredential {
    /// The credential that is held.
    var base: any TokenCredential { get }
}

extension CredentialWrapper {
    /// The name of the credential that is held.
    public var name: String { base.name }

    /// Whether the credential that is held keeps its tokens.
    public var keepsTokens: Bool { base.keepsTokens }

    /// Has the credential that is held forget the token.
    public func forgetToken(for request: TokenRequest, ifStill token: AccessToken?) async {
        await base.forgetToken(for: request, ifStill: token)
    }
}
