public import CredentialHTTP
import EntraSignIn
package import EntraTokenEndpoint
public import TokenCredentials

/// A person who signs in on another screen, with a code that is shown here.
///
/// The sign-in is kept and used again without asking. Where Entra has ended it, the next token fails with
/// ``Diagnosis/Kind/signInNeeded``, and the one after that asks the person again; ``signIn(for:)`` asks at once. Wrap the
/// credential in ``CachedCredential``: two calls at the same time would show two codes.
public struct DeviceCodeCredential: ConfiguredCredential {
    /// Shows a person where to sign in; polling begins when it returns.
    public typealias Prompt = @Sendable (DeviceCodePrompt) async -> Void

    /// The application of the Azure CLI, which tenants know unless they have blocked it.
    public static let azureCLIClientID = ClientID.azureCLI

    /// The name, `"device-code"`.
    public let name = "device-code"
    private var flow: SignInFlow
    private let clock: any WallClock
    private let prompt: Prompt?

    /// Describes who may sign in to what, and how the code is shown.
    ///
    /// - Parameters:
    ///   - clientID: The application that the person signs in to; the Azure CLI's unless another is named.
    ///   - tenant: The person's directory; any organisation's unless one is named.
    ///   - additionallyAllowedTenants: Tenants besides its own that a request may name; `*` stands for all.
    ///   - store: Where the sign-in is kept; without one, in memory for as long as the credential lives.
    ///   - profile: Under which name it is kept.
    ///   - reporting: Told of trouble with the store, which never costs the token at hand.
    ///   - prompt: Shows the code. Without one only a sign-in that is kept can be used.
    public init(
        clientID: String = DeviceCodeCredential.azureCLIClientID, tenant: String = "organizations",
        authority: Authority = AzureCloud.public.authority, additionallyAllowedTenants: [String] = [],
        keepingSignInIn store: (any SecretStore)? = nil, profile: String = "default",
        http: any HTTPTransport = CurlTransport.shared,
        clock: any WallClock = SystemClock(), reporting: @escaping @Sendable (Diagnosis) -> Void = { _ in },
        prompt: Prompt?
    ) {
        let endpoint = TokenEndpoint(
            authority: authority, tenant: tenant, clientID: clientID,
            tenantRules: TenantRules(additionallyAllowed: additionallyAllowedTenants),
            settings: SettingNames(proof: "the sign-in"), retrying: .never, http: http, clock: clock)
        self.flow = SignInFlow(endpoint, keepingSignInIn: store, profile: profile, reporting: reporting)
        self.clock = clock
        self.prompt = prompt
    }

    /// Whether there is anybody to show a code to.
    public var configuration: CredentialConfiguration {
        prompt == nil ? .notConfigured("there is no prompt to show a code on") : .unknown("a person would be asked")
    }

    /// The same credential under the rules for tenants that an environment holds.
    package func following(_ rules: TenantRules) -> Self {
        var copy = self
        copy.flow = flow.following(rules)
        return copy
    }

    /// Uses the sign-in that is kept, or asks the person.
    ///
    /// Throws ``CredentialError/unavailable(_:)`` where no sign-in is kept and there is no prompt, and
    /// ``CredentialError/failed(_:)`` where the person declined, the code expired, or Entra says no.
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
        guard let prompt else {
            throw .unavailable(
                Diagnosis(
                    "nobody has signed in, and there is no prompt to show a code on",
                    remedy: "Sign in: passgres login.",
                    kind: .signInNeeded))
        }
        let code = try await flow.endpoint.deviceCode(for: request)
        await prompt(DeviceCodePrompt(code))
        return try await DeviceCodePolling(endpoint: flow.endpoint, clock: clock).reply(to: code, for: request)
    }
}

extension DeviceCodeCredential: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The client id and the tenant.
    public var description: String {
        "DeviceCodeCredential(client \(quoted(flow.endpoint.clientID)), tenant \(quoted(flow.endpoint.tenant)))"
    }

    /// The same as ``description``.
    public var debugDescription: String { description }

    /// Nothing but the ``description``.
    public var customMirror: Mirror { Mirror(self, children: ["credential": description]) }
}
