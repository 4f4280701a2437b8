public import CredentialHTTP
import EntraTokenEndpoint
public import TokenCredentials

/// How an application proves itself when it acts on behalf of a person.
@nonexhaustive
public enum ApplicationProof: Sendable {
    /// By its secret.
    case secret(String)
    /// By an assertion that a function makes for each request, such as one signed with a certificate.
    case assertion(@Sendable (TokenRequest) async throws -> String)
}

/// What a person has to sign in again with, where Entra asks for more than the token that was presented.
///
/// The cause of an error of ``OnBehalfOfCredential``: hand the claims to the front end that signs people in.
public struct ClaimsChallenge: Error, Hashable, Sendable {
    /// The claims, as the JSON Entra sent.
    public let claims: String

    /// Makes a challenge of the claims Entra sent.
    public init(claims: String) {
        self.claims = claims
    }
}

/// A person who called this application with a token for it, and on whose behalf it asks for another.
///
/// Bound to that one token: make one for every person, and wrap each in a cache of its own, so that no person is ever
/// handed another's token.
public struct OnBehalfOfCredential: TokenCredential {
    /// The name, `"on-behalf-of"`.
    public let name = "on-behalf-of"
    private let endpoint: TokenEndpoint
    private let userAssertion: String
    private let proof: ApplicationProof

    /// Takes the token the person's call came with, and the application's tenant, client id and proof.
    ///
    /// - Parameter additionallyAllowedTenants: Tenants besides its own that a request may name; `*` stands for all.
    public init(
        userAssertion: String, tenant: String, clientID: String, proof: ApplicationProof,
        authority: Authority = AzureCloud.public.authority, additionallyAllowedTenants: [String] = [],
        http: any HTTPTransport = CurlTransport.shared, clock: any WallClock = SystemClock()
    ) {
        endpoint = TokenEndpoint(
            authority: authority, tenant: tenant, clientID: clientID,
            tenantRules: TenantRules(additionallyAllowed: additionallyAllowedTenants),
            settings: SettingNames(proof: proof.words), http: http, clock: clock)
        self.userAssertion = userAssertion
        self.proof = proof
    }

    /// Asks Entra for a token of the person's.
    ///
    /// Throws ``CredentialError/failed(_:)`` for whatever Entra answers but a token; where it asks for more from the
    /// person, with a ``ClaimsChallenge`` as the cause.
    public func token(for request: TokenRequest) async throws(CredentialError) -> AccessToken {
        try Self.check(userAssertion, "the person's token", "Pass on the token of the call, without the word Bearer.")
        let client: ClientAuthentication
        var sent: ClientSecret?
        switch proof {
        case .secret(let text):
            let secret = try ClientSecret(text, in: endpoint.settings.proof)
            client = .secret(secret.text)
            sent = secret
        case .assertion(let make):
            let text = try await attempting("making the client assertion") { try await make(request) }
            try Self.check(text, "the client assertion", "Return the assertion alone, without white space round it.")
            client = .assertion(text)
        }
        do throws(CredentialError) {
            return try await endpoint.token(.onBehalfOf(assertion: userAssertion, client), for: request).token
        } catch {
            guard case .failed(var diagnosis) = error, let claims = (diagnosis.cause as? EntraError)?.claims else {
                throw sent?.explaining(error) ?? error
            }
            diagnosis.kind = .signInNeeded
            diagnosis.remedy = "Let the person sign in again with the claims of this error's cause."
            diagnosis.cause = ClaimsChallenge(claims: claims)
            throw .failed(diagnosis)
        }
    }

    private static func check(_ text: String, _ name: String, _ remedy: String) throws(CredentialError) {
        guard !text.isEmpty, text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw failed("\(name) is empty or holds characters no token holds", remedy)
        }
    }

    private static func failed(_ problem: String, _ remedy: String) -> CredentialError {
        .failed(Diagnosis(problem, remedy: remedy, kind: .misconfigured))
    }
}

extension ApplicationProof: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    fileprivate var words: String {
        switch self {
        case .secret: "the client secret"
        case .assertion: "the client assertion"
        }
    }

    /// The kind alone.
    public var description: String { words }

    /// The same as ``description``.
    public var debugDescription: String { words }

    /// Nothing but the ``description``.
    public var customMirror: Mirror { Mirror(self, children: ["kind": words]) }
}

extension OnBehalfOfCredential: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The client id and the tenant, without the person's token.
    public var description: String {
        "OnBehalfOfCredential(client \(quoted(endpoint.clientID)), tenant \(quoted(endpoint.tenant)))"
    }

    /// The same as ``description``.
    public var debugDescription: String { description }

    /// Nothing but the ``description``.
    public var customMirror: Mirror { Mirror(self, children: ["credential": description]) }
}
