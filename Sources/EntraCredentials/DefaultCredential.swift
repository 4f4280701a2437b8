public import TokenCredentials

/// The credential for whoever does not want to choose: asks what the machine offers, and keeps the token while it is
/// good.
///
/// Which credentials are asked, in which order, is read from the environment (``CredentialOrder``). All of them together
/// make one ``CredentialChain`` inside one ``CachedCredential``.
public struct DefaultCredential: CredentialWrapper {
    /// The credentials, in the order in which they are asked.
    public let chain: CredentialChain
    private let cache: CachedCredential

    /// What keeps the tokens, with the chain inside.
    public var base: any TokenCredential { cache }

    /// Builds the chain that the environment asks for.
    ///
    /// Looks at nothing but variables. Throws ``CredentialError/failed(_:)`` if they name a credential that the registry
    /// does not hold.
    public init(
        registry: CredentialRegistry = .standard, environment: ProcessEnvironment = .current,
        renewing policy: RenewalPolicy = RenewalPolicy()
    ) throws(CredentialError) {
        let order = try CredentialOrder(environment: environment)
        chain = try registry.chain(order.restricted(to: registry), environment: environment)
        cache = CachedCredential(chain, renewing: policy)
    }

    /// `"default"`.
    public var name: String { "default" }

    /// Returns the kept token while it is good, or a new one from the first credential that applies.
    public func token(for request: TokenRequest) async throws(CredentialError) -> AccessToken {
        try await cache.token(for: request)
    }
}
