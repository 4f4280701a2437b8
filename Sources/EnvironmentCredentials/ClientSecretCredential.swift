public import CredentialHTTP
import EntraTokenEndpoint
public import TokenCredentials

/// An application that proves itself with a secret.
public struct ClientSecretCredential: TokenCredential {
    /// The name, `"client-secret"`.
    public let name = "client-secret"
    private let endpoint: TokenEndpoint
    private let findSecret: @Sendable () async throws(CredentialError) -> String

    /// Takes the application's tenant, client id and secret.
    ///
    /// - Parameter additionallyAllowedTenants: Tenants besides its own that a request may name; `*` stands for all.
    public init(
        tenant: String, clientID: String, secret: String, authority: Authority = AzureCloud.public.authority,
        additionallyAllowedTenants: [String] = [], http: any HTTPTransport = CurlTransport.shared,
        clock: any WallClock = SystemClock()
    ) {
        self.init(
            TokenEndpoint(
                authority: authority, tenant: tenant, clientID: clientID,
                tenantRules: TenantRules(additionallyAllowed: additionallyAllowedTenants), http: http, clock: clock),
            secret: secret)
    }

    /// Takes the application's tenant and client id, and a way to find its secret, which is used for every token.
    ///
    /// - Parameter additionallyAllowedTenants: Tenants besides its own that a request may name; `*` stands for all.
    /// - Parameter findSecret: Returns the secret; whatever it throws is passed on.
    public init(
        tenant: String, clientID: String, authority: Authority = AzureCloud.public.authority,
        additionallyAllowedTenants: [String] = [], http: any HTTPTransport = CurlTransport.shared,
        clock: any WallClock = SystemClock(),
        findingSecret findSecret: @escaping @Sendable () async throws(CredentialError) -> String
    ) {
        self.init(
            TokenEndpoint(
                authority: authority, tenant: tenant, clientID: clientID,
                tenantRules: TenantRules(additionallyAllowed: additionallyAllowedTenants), http: http, clock: clock),
            findingSecret: findSecret)
    }

    init(_ endpoint: TokenEndpoint, secret: String) {
        @Sendable func secretAtHand() async throws(CredentialError) -> String { secret }
        self.init(endpoint, findingSecret: secretAtHand)
    }

    init(_ endpoint: TokenEndpoint, findingSecret: @escaping @Sendable () async throws(CredentialError) -> String) {
        self.endpoint = endpoint
        self.findSecret = findingSecret
    }

    /// Asks Entra for a token.
    ///
    /// Throws ``CredentialError/failed(_:)`` for settings that cannot be right and for whatever Entra answers but a
    /// token; ``CredentialError/unavailable(_:)`` only if the way to find the secret throws that.
    public func token(for request: TokenRequest) async throws(CredentialError) -> AccessToken {
        let secret = try ClientSecret(try await findSecret(), in: endpoint.settings.proof)
        do throws(CredentialError) {
            return try await endpoint.token(.clientSecret(secret.text), for: request).token
        } catch {
            throw secret.explaining(error)
        }
    }
}

extension ClientSecretCredential: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The client id and the tenant, without the secret.
    public var description: String {
        "ClientSecretCredential(client \(quoted(endpoint.clientID)), tenant \(quoted(endpoint.tenant)))"
    }

    /// The same as ``description``.
    public var debugDescription: String { description }

    /// Nothing but the ``description``.
    public var customMirror: Mirror { Mirror(self, children: ["credential": description]) }
}
