public import CredentialHTTP
import EntraTokenEndpoint
public import TokenCredentials

/// A job of Azure Pipelines, which a service connection of the project vouches for.
///
/// Needs `SYSTEM_OIDCREQUESTURI`, which the agent sets, and the job's own token, which a step has to map to
/// `SYSTEM_ACCESSTOKEN`. Tenant, client id and service connection come from what is given here, else from
/// `AZURESUBSCRIPTION_TENANT_ID`, `AZURESUBSCRIPTION_CLIENT_ID` and `AZURESUBSCRIPTION_SERVICE_CONNECTION_ID`, which the
/// Azure tasks set, else, but for the connection, from `AZURE_TENANT_ID` and `AZURE_CLIENT_ID`.
public struct AzurePipelinesCredential: ConfiguredCredential {
    /// The name, `"azure-pipelines"`.
    public let name = "azure-pipelines"
    private let settings: PipelineSettings
    private let http: any HTTPTransport
    private let clock: any WallClock

    /// Takes what is given here, and the rest from the environment when a token is asked for.
    public init(
        tenant: String? = nil, clientID: String? = nil, serviceConnectionID: String? = nil,
        systemAccessToken: String? = nil, environment: ProcessEnvironment = .current,
        http: any HTTPTransport = CurlTransport.shared, clock: any WallClock = SystemClock()
    ) {
        settings = PipelineSettings(
            tenant: tenant, clientID: clientID, serviceConnectionID: serviceConnectionID,
            systemAccessToken: systemAccessToken, environment: environment)
        self.http = http
        self.clock = clock
    }

    /// Whether this is a job whose agent hands out tokens.
    public var configuration: CredentialConfiguration {
        settings.requestAddress == nil
            ? .notConfigured("\(PipelineSettings.requestVariable) is not set")
            : .configured(by: PipelineSettings.requestVariable)
    }

    /// Asks the agent for a token of this job, and Entra for one in exchange.
    ///
    /// Throws ``CredentialError/unavailable(_:)`` outside of a job, and ``CredentialError/failed(_:)`` where a setting is
    /// missing and for whatever Azure Pipelines or Entra answer but a token.
    public func token(for request: TokenRequest) async throws(CredentialError) -> AccessToken {
        let job = try settings.job()
        let endpoint = TokenEndpoint(
            authority: job.authority, tenant: job.tenant, clientID: job.clientID, tenantRules: job.tenantRules,
            settings: SettingNames(proof: "the service connection", authority: "AZURE_AUTHORITY_HOST"), http: http,
            clock: clock)
        _ = try endpoint.address(for: request)
        let service = FederatedTokenService(
            platform: "Azure Pipelines", member: "oidcToken", supportHeaders: ["x-msedge-ref", "x-vss-e2eid"],
            remedy: "Check that SYSTEM_ACCESSTOKEN is $(System.AccessToken), and the id of the service connection.",
            http: http, clock: clock)
        let token = try await service.token(
            HTTPRequest(
                .post, job.address,
                headers: [
                    ("Content-Type", "application/json"), ("Accept", "application/json"),
                    ("Authorization", "Bearer \(job.accessToken)"),
                    // Without this a token that is not accepted is answered with a page to sign in on.
                    ("X-TFS-FedAuthRedirect", "Suppress"),
                ], body: []))
        do throws(CredentialError) {
            return try await endpoint.token(.clientAssertion(token.text), for: request).token
        } catch {
            throw token.explaining(error, from: "the service connection")
        }
    }
}

extension AzurePipelinesCredential: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The name alone.
    public var description: String { "AzurePipelinesCredential" }

    /// The same as ``description``.
    public var debugDescription: String { description }

    /// Nothing but the ``description``.
    public var customMirror: Mirror { Mirror(self, children: ["credential": description]) }
}
