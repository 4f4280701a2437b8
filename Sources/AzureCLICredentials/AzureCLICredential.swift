public import CommandCredentials
public import TokenCredentials

/// The token of whoever is signed in to the Azure CLI, printed by `az account get-access-token`.
///
/// The token is kept until it nears its end, or until somebody signs in, signs out or changes the account of `az`, so
/// that `az` is started about once an hour. Unavailable if `az` is not on the `PATH` or nobody is signed in to it;
/// whatever else goes wrong is a failure.
public struct AzureCLICredential: ConfiguredCredential, TokenKeeping, SharableCredential {
    private let source: AzureCLISource
    private let watch: SignInWatch

    /// Describes how to ask; nothing is looked at before a token is asked for.
    ///
    /// - Parameter tenant: The directory to ask where a request names none; `nil` leaves it to `az`.
    /// - Parameter subscription: The id or name of the subscription whose directory is asked; not together with a
    ///   tenant, which `az` does not take beside it.
    /// - Parameter timeLimit: How long `az` may take.
    public init(
        tenant: String? = nil, subscription: String? = nil, environment: ProcessEnvironment = .current,
        commands: any CommandRunner = SubprocessRunner(), clock: any WallClock = SystemClock(),
        timeLimit: Duration = .seconds(20)
    ) {
        source = AzureCLISource(
            tenant: tenant, subscription: subscription, environment: environment, commands: commands, clock: clock,
            timeLimit: timeLimit)
        watch = SignInWatch(source, watching: .azureCLI(in: environment), clock: clock)
    }

    /// `"azure-cli"`.
    public var name: String { source.name }

    /// Whether `az` is on the `PATH`; who is signed in, only asking can tell.
    public var configuration: CredentialConfiguration { source.configuration }

    package var tokenOwner: String? {
        watch.files.owner(asking: [source.tenant, source.subscription], environment: source.environment)
    }

    /// Returns the kept token while it is good, or the one that `az` prints.
    public func token(for request: TokenRequest) async throws(CredentialError) -> AccessToken {
        try await watch.token(for: request)
    }

    /// Forgets the token for a request, so that the next call runs the tool; which may print the same one again.
    public func forgetToken(for request: TokenRequest, ifStill token: AccessToken?) async {
        await watch.forgetToken(for: request, ifStill: token)
    }
}
