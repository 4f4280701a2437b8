public import TokenCredentials

/// What every credential must keep to, tried out on one.
///
/// The credential is made anew for each ``Situation``, with whatever fakes stage it. Nothing is recorded with a test
/// library: what comes back is a list, which a test compares with an empty one.
///
/// ```swift
/// let conformance = CredentialConformance(environment: ["VAULT_ADDR": address, "VAULT_TOKEN": "hush"], secrets: ["hush"])
/// let violations = await conformance.violations { situation, environment in
///     VaultCredential(environment: environment, http: transport(for: situation))
/// }
/// #expect(violations == [])
/// ```
public struct CredentialConformance: Sendable {
    /// The world in which a credential is made.
    public enum Situation: String, CaseIterable, Hashable, Sendable {
        /// No variable is set, and nothing outside answers: the credential must be unavailable.
        case nothingConfigured = "nothing configured"
        /// Everything is set, and the outside delivers a token as often as it is asked.
        case configured
        /// Everything is set, and the outside never answers.
        case silent
        /// Everything is set, and the outside delivers a token that has ended.
        case stale
    }

    /// Makes the credential for a situation, with the variables that belong to it.
    ///
    /// Returns `nil` for a situation that cannot arise, such as an absence for what is configured in code. Only
    /// ``Situation/configured`` must be there.
    public typealias Making = @Sendable (Situation, ProcessEnvironment) async -> (any TokenCredential)?

    /// What is asked for.
    public let request: TokenRequest
    /// The variables that configure the credential.
    public let environment: ProcessEnvironment
    /// Texts that must be shown nowhere; the tokens delivered are added to them.
    public let secrets: [String]
    /// How many calls are made at the same time.
    public let calls: Int
    /// How long a call may take, in real time.
    public let limit: Duration
    /// The clock that the credential goes by.
    public let clock: any WallClock

    /// Says what a credential is to be tried with.
    public init(
        request: TokenRequest = TokenRequest(AzureCloud.public.postgresScope), environment: ProcessEnvironment,
        secrets: [String], calls: Int = 100, limit: Duration = .seconds(20), clock: any WallClock = SystemClock()
    ) {
        self.request = request
        self.environment = environment
        self.secrets = secrets
        self.calls = calls
        self.limit = limit
        self.clock = clock
    }

    /// Tries everything and returns what was not kept to; empty if nothing was found.
    ///
    /// Takes a few tenths of a second, or up to ``limit`` for every call that does not end.
    public func violations(of make: Making) async -> [ConformanceViolation] {
        let trials = ConformanceTrials(self)
        for situation in Situation.allCases {
            guard let credential = await make(situation, environment(in: situation)) else {
                if situation == .configured {
                    trials.note(.token, "no credential was made for the situation \"configured\"")
                }
                continue
            }
            await trials.run(situation, credential)
            // Cancelled calls are tried on another one: a credential may keep what the first call brought.
            if let fresh = await make(situation, environment(in: situation)) {
                await trials.cancel(situation, fresh)
            }
        }
        if let credential = await make(.configured, environment) { await trials.crowd(credential) }
        return trials.found
    }

    private func environment(in situation: Situation) -> ProcessEnvironment {
        situation == .nothingConfigured ? [:] : environment
    }
}
