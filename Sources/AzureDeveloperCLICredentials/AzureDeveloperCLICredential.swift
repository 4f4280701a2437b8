public import CommandCredentials
public import TokenCredentials

/// The token of whoever is signed in to the Azure Developer CLI, printed by `azd auth token`.
///
/// The token is kept until it nears its end, or until somebody signs in or out of `azd`. Unavailable if `azd` is not on
/// the `PATH` or nobody is signed in to it; whatever else goes wrong is a failure.
public struct AzureDeveloperCLICredential: ConfiguredCredential, TokenKeeping, SharableCredential {
    private let source: AzureDeveloperCLISource
    private let watch: SignInWatch

    /// Describes how to ask; nothing is looked at before a token is asked for.
    ///
    /// - Parameter tenant: The directory to ask where a request names none; `nil` leaves it to `azd`.
    /// - Parameter timeLimit: How long `azd` may take.
    public init(
        tenant: String? = nil, environment: ProcessEnvironment = .current,
        commands: any CommandRunner = SubprocessRunner(), clock: any WallClock = SystemClock(),
        timeLimit: Duration = .seconds(20)
    ) {
        source = AzureDeveloperCLISource(
            tenant: tenant, environment: environment, commands: commands, clock: clock, timeLimit: timeLimit)
        watch = SignInWatch(source, watching: AzureDeveloperCLISource.signInFiles(in: environment), clock: clock)
    }

    /// `"azure-developer-cli"`.
    public var name: String { source.name }

    /// Whether `azd` is on the `PATH`; who is signed in, only asking can tell.
    public var configuration: CredentialConfiguration { source.configuration }

    package var tokenOwner: String? {
        watch.files.owner(asking: [source.tenant], environment: source.environment)
    }

    /// Returns the kept token while it is good, or the one that `azd` prints.
    public func token(for request: TokenRequest) async throws(CredentialError) -> AccessToken {
        try await watch.token(for: request)
    }

    /// Forgets the token for a request, so that the next call runs the tool; which may print the same one again.
    public func forgetToken(for request: TokenRequest, ifStill token: AccessToken?) async {
        await watch.forgetToken(for: request, ifStill: token)
    }
}
