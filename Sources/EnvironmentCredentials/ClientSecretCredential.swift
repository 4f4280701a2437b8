public import CredentialHTTP
import EntraTokenEndpoint
public import TokenCredentials

/// An application that proves itself with a secret.
public struct ClientSecretCredential: TokenCredential {
    /// The name, `"client-secret"`.
    public let name = "client-secret"
    private let endpoint: TokenEndpoint
    private let secret: String

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

    init(_ endpoint: TokenEndpoint, secret: String) {
        self.endpoint = endpoint
        self.secret = secret
    }

    /// Asks Entra for a token.
    ///
    /// Throws ``CredentialError/failed(_:)`` for settings that cannot be right and for whatever Entra answers but a
    /// token; never ``CredentialError/unavailable(_:)``.
    public func token(for request: TokenRequest) async throws(CredentialError) -> AccessToken {
        guard !secret.isEmpty else {
            throw .failed(
                Diagnosis("the client secret is empty", remedy: "Give the secret's value.", kind: .misconfigured))
        }
        return try await endpoint.token(.clientSecret(secret), for: request).token
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
