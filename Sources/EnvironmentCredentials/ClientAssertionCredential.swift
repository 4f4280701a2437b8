public import CredentialHTTP
import EntraTokenEndpoint
public import TokenCredentials

/// An application that proves itself with a JSON Web Token of the caller's making.
///
/// The way for keys that never leave a vault or a smart card, and for tokens of other identity services.
public struct ClientAssertionCredential: TokenCredential {
    /// The name, `"client-assertion"`.
    public let name = "client-assertion"
    private let endpoint: TokenEndpoint
    private let assertion: @Sendable () async throws -> String

    /// Takes the application's tenant and client id, and a function that returns a fresh assertion.
    ///
    /// The function is called for every token. A ``CredentialError`` it throws passes as it is, any other error becomes
    /// ``CredentialError/failed(_:)``.
    ///
    /// - Parameter additionallyAllowedTenants: Tenants besides its own that a request may name; `*` stands for all.
    public init(
        tenant: String, clientID: String, authority: Authority = AzureCloud.public.authority,
        additionallyAllowedTenants: [String] = [], http: any HTTPTransport = CurlTransport.shared,
        clock: any WallClock = SystemClock(),
        assertion: @escaping @Sendable () async throws -> String
    ) {
        endpoint = TokenEndpoint(
            authority: authority, tenant: tenant, clientID: clientID,
            tenantRules: TenantRules(additionallyAllowed: additionallyAllowedTenants),
            settings: SettingNames(proof: "the client assertion"), http: http, clock: clock)
        self.assertion = assertion
    }

    /// Asks the caller for an assertion, and Entra for a token.
    ///
    /// Throws what the caller's function throws, and ``CredentialError/failed(_:)`` for whatever Entra answers but a
    /// token.
    public func token(for request: TokenRequest) async throws(CredentialError) -> AccessToken {
        let text = try await attempting("making the client assertion") { try await assertion() }
        guard !text.isEmpty, text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw .failed(
                Diagnosis(
                    "the client assertion is empty or holds characters no JSON Web Token holds",
                    remedy: "Return the assertion alone, without white space round it.", kind: .misconfigured))
        }
        return try await endpoint.token(.clientAssertion(text), for: request).token
    }
}

extension ClientAssertionCredential: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The client id and the tenant.
    public var description: String {
        "ClientAssertionCredential(client \(quoted(endpoint.clientID)), tenant \(quoted(endpoint.tenant)))"
    }

    /// The same as ``description``.
    public var debugDescription: String { description }

    /// Nothing but the ``description``.
    public var customMirror: Mirror { Mirror(self, children: ["credential": description]) }
}
