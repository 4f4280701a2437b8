public import TokenCredentials

/// Whom to ask for which token: one identity and one scope.
///
/// Two sources of the same name and request are one, and are asked once however many logins they serve.
public struct TokenSource: Hashable, Sendable {
    /// What identifies the identity among the keeper's, and names it in reports; never a secret.
    public let name: String
    /// Who is asked. Need not keep tokens: the keeper does.
    public let credential: any TokenCredential
    /// What is asked for.
    public let request: TokenRequest
    /// A token that is at hand already, where there is one.
    public let first: AccessToken?

    /// Names a source; its name is the credential's unless another is given.
    public init(
        _ credential: any TokenCredential, for request: TokenRequest = .postgres, named name: String? = nil,
        startingWith first: AccessToken? = nil
    ) {
        self.name = name ?? credential.name
        self.credential = credential
        self.request = request
        self.first = first
    }

    /// The member of a chain that gives the tokens, once one has.
    var settledName: String? { (credential as? CredentialChain)?.settledName }

    /// Whether both have the same name and request.
    public static func == (left: TokenSource, right: TokenSource) -> Bool {
        left.name == right.name && left.request == right.request
    }

    /// Feeds name and request.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(name)
        hasher.combine(request)
    }
}
