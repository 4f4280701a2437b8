public import CommandCredentials
public import TokenCredentials

/// The token of whoever is signed in to Azure PowerShell, printed by `Get-AzAccessToken` of the module `Az.Accounts`.
///
/// The token is kept until it nears its end, or until somebody signs in or out of Azure PowerShell. Unavailable if
/// `pwsh` is not on the `PATH`, lacks the module, or nobody is signed in; whatever else goes wrong is a failure.
public struct AzurePowerShellCredential: ConfiguredCredential, TokenKeeping, SharableCredential {
    private let source: AzurePowerShellSource
    private let watch: SignInWatch

    /// Describes how to ask; nothing is looked at before a token is asked for.
    ///
    /// - Parameter tenant: The directory to ask where a request names none; `nil` leaves it to Azure PowerShell.
    /// - Parameter timeLimit: How long `pwsh` may take.
    public init(
        tenant: String? = nil, environment: ProcessEnvironment = .current,
        commands: any CommandRunner = SubprocessRunner(), clock: any WallClock = SystemClock(),
        timeLimit: Duration = .seconds(20)
    ) {
        source = AzurePowerShellSource(
            tenant: tenant, environment: environment, commands: commands, clock: clock, timeLimit: timeLimit)
        watch = SignInWatch(source, watching: AzurePowerShellSource.signInFiles(in: environment), clock: clock)
    }

    /// `"azure-powershell"`.
    public var name: String { source.name }

    /// Whether `pwsh` is on the `PATH`; who is signed in, only asking can tell.
    public var configuration: CredentialConfiguration { source.configuration }

    package var tokenOwner: String? {
        watch.files.owner(asking: [source.tenant], environment: source.environment)
    }

    /// Returns the kept token while it is good, or the one that `Get-AzAccessToken` returns.
    public func token(for request: TokenRequest) async throws(CredentialError) -> AccessToken {
        try await watch.token(for: request)
    }

    /// Forgets the token for a request, so that the next call runs the tool; which may print the same one again.
    public func forgetToken(for request: TokenRequest, ifStill token: AccessToken?) async {
        await watch.forgetToken(for: request, ifStill: token)
    }
}
