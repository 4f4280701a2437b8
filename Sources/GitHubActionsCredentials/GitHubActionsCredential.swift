public import CredentialHTTP
import EntraTokenEndpoint
public import TokenCredentials

/// A job of GitHub Actions that may ask for an identity token.
///
/// Needs the permission `id-token: write`, with which GitHub sets `ACTIONS_ID_TOKEN_REQUEST_URL` and
/// `ACTIONS_ID_TOKEN_REQUEST_TOKEN`. Tenant and client id come from what is given here, else from `AZURE_TENANT_ID` and
/// `AZURE_CLIENT_ID`.
public struct GitHubActionsCredential: ConfiguredCredential {
    /// The name, `"github-actions"`.
    public let name = "github-actions"
    private let environment: ProcessEnvironment
    private let http: any HTTPTransport
    private let clock: any WallClock

    private static let addressVariable = "ACTIONS_ID_TOKEN_REQUEST_URL"
    private static let tokenVariable = "ACTIONS_ID_TOKEN_REQUEST_TOKEN"

    /// Takes what is given here, and the rest from the environment when a token is asked for.
    public init(
        tenant: String? = nil, clientID: String? = nil, environment: ProcessEnvironment = .current,
        http: any HTTPTransport = CurlTransport.shared, clock: any WallClock = SystemClock()
    ) {
        var environment = environment
        if let tenant { environment["AZURE_TENANT_ID"] = tenant }
        if let clientID { environment["AZURE_CLIENT_ID"] = clientID }
        self.environment = environment
        self.http = http
        self.clock = clock
    }

    /// Whether this is a job that may ask for an identity token.
    public var configuration: CredentialConfiguration {
        let missing = [Self.addressVariable, Self.tokenVariable].filter { environment[$0] == nil }
        return missing.isEmpty
            ? .configured(by: Self.addressVariable)
            : .notConfigured("\(missing.joined(separator: " and ")) \(missing.count == 1 ? "is" : "are") not set")
    }

    /// Asks GitHub for a token of this job, and Entra for one in exchange.
    ///
    /// Throws ``CredentialError/unavailable(_:)`` where GitHub offers no identity token, and
    /// ``CredentialError/failed(_:)`` where a setting is missing and for whatever GitHub or Entra answer but a token.
    public func token(for request: TokenRequest) async throws(CredentialError) -> AccessToken {
        guard let address = environment[Self.addressVariable], let jobToken = environment[Self.tokenVariable] else {
            var problem = "GitHub offers no identity token here"
            if case .notConfigured(let finding) = configuration { problem = finding }
            throw .unavailable(Diagnosis(problem, remedy: "Give the job the permission id-token: write."))
        }
        let endpoint = try endpoint()
        _ = try endpoint.address(for: request)
        guard jobToken.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw Self.failed(
                "\(Self.tokenVariable) holds characters no token holds", "Leave it as GitHub sets it.")
        }
        let audience = (AzureCloud(authority: endpoint.authority) ?? .public).federatedTokenAudience
        let service = FederatedTokenService(
            platform: "GitHub Actions", member: "value", supportHeaders: ["x-vss-e2eid"],
            remedy: "Give the job the permission id-token: write, and ask while it runs.", http: http, clock: clock)
        let token = try await service.token(
            HTTPRequest(
                .get,
                try FederatedTokenService.address(
                    address, adding: [("audience", audience)], called: Self.addressVariable),
                headers: [("Accept", "application/json"), ("Authorization", "Bearer \(jobToken)")]))
        do throws(CredentialError) {
            return try await endpoint.token(.clientAssertion(token.text), for: request).token
        } catch {
            throw token.explaining(error, from: "the job's identity token")
        }
    }

    private func endpoint() throws(CredentialError) -> TokenEndpoint {
        let missing = ["AZURE_CLIENT_ID", "AZURE_TENANT_ID"].filter { environment[$0] == nil }
        guard missing.isEmpty else {
            throw Self.failed(
                "GitHub offers an identity token, and \(missing.joined(separator: " and ")) "
                    + "\(missing.count == 1 ? "is" : "are") not set",
                "Set \(missing.joined(separator: " and ")) in the workflow.")
        }
        var authority = AzureCloud.public.authority
        if let text = environment["AZURE_AUTHORITY_HOST"] { authority = try Authority(text) }
        return TokenEndpoint(
            authority: authority, tenant: environment["AZURE_TENANT_ID"]?.trimmed ?? "",
            clientID: environment["AZURE_CLIENT_ID"]?.trimmed ?? "", tenantRules: TenantRules(environment),
            settings: .variables(proof: "the job's identity token"), http: http, clock: clock)
    }

    private static func failed(_ problem: String, _ remedy: String) -> CredentialError {
        .failed(Diagnosis(problem, remedy: remedy, kind: .misconfigured))
    }
}

extension GitHubActionsCredential: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The name alone.
    public var description: String { "GitHubActionsCredential" }

    /// The same as ``description``.
    public var debugDescription: String { description }

    /// Nothing but the ``description``.
    public var customMirror: Mirror { Mirror(self, children: ["credential": description]) }
}
