public import CredentialHTTP
import EntraSignIn
package import EntraTokenEndpoint
public import TokenCredentials

/// A person who signs in with the browser of this machine.
///
/// The browser comes back to a port of the loopback address; the application must have `http://localhost` registered
/// for that. The sign-in is kept and used again without asking. Where Entra has ended it, the next token fails with
/// ``Diagnosis/Kind/signInNeeded``, and the one after that asks the person again; ``signIn(for:)`` asks at once. Wrap the
/// credential in ``CachedCredential``: two calls at the same time would open two pages.
public struct InteractiveBrowserCredential: ConfiguredCredential {
    /// Opens an address in a browser, and says whether there was one.
    ///
    /// Should end soon when its task is cancelled.
    public typealias Opener = @Sendable (String) async -> Bool
    /// Shows a person the address to open, where no browser could be opened here.
    public typealias Prompt = @Sendable (String) async -> Void

    /// The application of the Azure CLI, which tenants know unless they have blocked it.
    public static let azureCLIClientID = ClientID.azureCLI

    /// The name, `"interactive-browser"`.
    public let name = "interactive-browser"
    private var flow: SignInFlow
    private let visit: BrowserVisit

    /// Describes who may sign in to what, and how a browser is found.
    ///
    /// - Parameters:
    ///   - clientID: The application that the person signs in to; the Azure CLI's unless another is named.
    ///   - tenant: The person's directory; any organisation's unless one is named.
    ///   - additionallyAllowedTenants: Tenants besides its own that a request may name; `*` stands for all.
    ///   - store: Where the sign-in is kept; without one, in memory for as long as the credential lives.
    ///   - profile: Under which name it is kept.
    ///   - timeLimit: How long the person has.
    ///   - reporting: Told of trouble with the store, which never costs the token at hand.
    ///   - opener: Opens the browser.
    ///   - prompt: Shows the address where no browser was opened; without it, no browser means no sign-in.
    public init(
        clientID: String = InteractiveBrowserCredential.azureCLIClientID, tenant: String = "organizations",
        authority: Authority = AzureCloud.public.authority, additionallyAllowedTenants: [String] = [],
        keepingSignInIn store: (any SecretStore)? = nil, profile: String = "default",
        http: any HTTPTransport = CurlTransport.shared,
        clock: any WallClock = SystemClock(), timeLimit: Duration = .seconds(300),
        reporting: @escaping @Sendable (Diagnosis) -> Void = { _ in },
        opener: @escaping Opener = { await SystemBrowser.open($0) }, prompt: Prompt? = nil
    ) {
        let endpoint = TokenEndpoint(
            authority: authority, tenant: tenant, clientID: clientID,
            tenantRules: TenantRules(additionallyAllowed: additionallyAllowedTenants),
            settings: SettingNames(proof: "the sign-in"), http: http, clock: clock)
        self.init(
            SignInFlow(endpoint, keepingSignInIn: store, profile: profile, reporting: reporting),
            BrowserVisit(clock: clock, timeLimit: timeLimit, opener: opener, prompt: prompt))
    }

    init(_ flow: SignInFlow, _ visit: BrowserVisit) {
        self.flow = flow
        self.visit = visit
    }

    /// Nothing is known before a browser is opened.
    public var configuration: CredentialConfiguration { .unknown("a browser would be opened") }

    /// The same credential under the rules for tenants that an environment holds.
    package func following(_ rules: TenantRules) -> Self {
        var copy = self
        copy.flow = flow.following(rules)
        return copy
    }

    /// Uses the sign-in that is kept, or asks the person.
    ///
    /// Throws ``CredentialError/unavailable(_:)`` where no sign-in is kept and there is neither a browser nor a prompt,
    /// and ``CredentialError/failed(_:)`` where the person declined or took too long, or Entra says no.
    public func token(for request: TokenRequest) async throws(CredentialError) -> AccessToken {
        try await flow.token(for: request, asking: ask)
    }

    /// Asks the person even if a sign-in is kept, and keeps the new one in its place.
    ///
    /// Throws as ``token(for:)`` does.
    public func signIn(for request: TokenRequest) async throws(CredentialError) -> AccessToken {
        try await flow.signIn(for: request, asking: ask)
    }

    private func ask(_ request: TokenRequest) async throws(CredentialError) -> TokenReply {
        let key = try ProofKey()
        let listener = try LoopbackListener(readLimit: visit.readLimit)
        // The name and not the number: only for localhost does Entra let the port vary.
        let redirectURI = "http://localhost:\(listener.port)"
        let address = try flow.endpoint.authorizationAddress(
            for: request, redirectURI: redirectURI, state: key.state, challenge: key.challenge)
        switch try await visit.reply(to: address, state: key.state, at: listener) {
        case .code(let code):
            return try await flow.endpoint.token(
                .authorizationCode(code, redirectURI: redirectURI, verifier: key.verifier), for: request)
        case .refusal(let word, let description):
            throw try flow.endpoint.error(broughtBack: word, description: description, for: request)
        }
    }
}

extension InteractiveBrowserCredential: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The client id and the tenant.
    public var description: String {
        "InteractiveBrowserCredential(client \(quoted(flow.endpoint.clientID)), "
            + "tenant \(quoted(flow.endpoint.tenant)))"
    }

    /// The same as ``description``.
    public var debugDescription: String { description }

    /// Nothing but the ``description``.
    public var customMirror: Mirror { Mirror(self, children: ["credential": description]) }
}
