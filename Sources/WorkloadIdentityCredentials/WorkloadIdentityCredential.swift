public import CredentialHTTP
import EntraTokenEndpoint
public import TokenCredentials

/// A workload that a platform vouches for by a token in a file, as Kubernetes does with a service account's.
///
/// Reads `AZURE_FEDERATED_TOKEN_FILE`, `AZURE_CLIENT_ID`, `AZURE_TENANT_ID` and perhaps `AZURE_AUTHORITY_HOST`, which the
/// workload identity webhook sets, and the variables of AKS identity binding. The file is read anew for every token.
public struct WorkloadIdentityCredential: ConfiguredCredential {
    /// The name, `"workload-identity"`.
    public let name = "workload-identity"
    private let environment: ProcessEnvironment
    private let files: any FileAccess
    private let http: any HTTPTransport
    private let clock: any WallClock
    private let proxy: TokenProxy

    private static let fileVariable = "AZURE_FEDERATED_TOKEN_FILE"

    /// Takes what is given here, and the rest from the environment when a token is asked for.
    public init(
        tenant: String? = nil, clientID: String? = nil, tokenFile: String? = nil,
        environment: ProcessEnvironment = .current, files: any FileAccess = LocalFiles(),
        http: any HTTPTransport = CurlTransport.shared,
        clock: any WallClock = SystemClock()
    ) {
        var environment = environment
        if let tenant { environment["AZURE_TENANT_ID"] = tenant }
        if let clientID { environment["AZURE_CLIENT_ID"] = clientID }
        if let tokenFile { environment[Self.fileVariable] = tokenFile }
        self.environment = environment
        self.files = files
        self.http = http
        self.clock = clock
        proxy = TokenProxy(environment: environment, files: files)
    }

    /// Whether a token file is named; it is not opened for that.
    public var configuration: CredentialConfiguration {
        environment[Self.fileVariable] == nil
            ? .notConfigured("\(Self.fileVariable) is not set") : .configured(by: Self.fileVariable)
    }

    /// Exchanges the token in the file for one of Entra's.
    ///
    /// Throws ``CredentialError/unavailable(_:)`` where no file is named, and ``CredentialError/failed(_:)`` where it is
    /// absent, empty or no token, where another setting is missing, and for whatever Entra answers but a token.
    public func token(for request: TokenRequest) async throws(CredentialError) -> AccessToken {
        guard let path = environment[Self.fileVariable] else {
            throw .unavailable(
                Diagnosis(
                    "\(Self.fileVariable) is not set",
                    remedy: "On Kubernetes, label the pod azure.workload.identity/use: \"true\"."))
        }
        let endpoint = try endpoint()
        // Settings first: a wrong tenant is not worth a look at the file.
        _ = try endpoint.address(for: request)
        let file = FederatedTokenFile(path: path, files: files, clock: clock)
        let token = try await file.token()
        do throws(CredentialError) {
            return try await exchange(token, at: endpoint, for: request)
        } catch {
            guard (error.diagnosis?.cause as? EntraError)?.code == 700_024 else { throw error }
            // The file may have been replaced while its old token was on the way.
            let renewed = try await file.token()
            guard renewed.text != token.text else { throw error }
            return try await exchange(renewed, at: endpoint, for: request)
        }
    }

    private func exchange(
        _ token: FederatedToken, at endpoint: TokenEndpoint, for request: TokenRequest
    ) async throws(CredentialError) -> AccessToken {
        do throws(CredentialError) {
            return try await endpoint.token(.clientAssertion(token.text), for: request).token
        } catch {
            throw token.explaining(error, from: "the file that \(Self.fileVariable) names")
        }
    }

    private func endpoint() throws(CredentialError) -> TokenEndpoint {
        let missing = ["AZURE_CLIENT_ID", "AZURE_TENANT_ID"].filter { environment[$0] == nil }
        guard missing.isEmpty else {
            throw .failed(
                Diagnosis(
                    "\(Self.fileVariable) is set, and \(missing.joined(separator: " and ")) "
                        + "\(missing.count == 1 ? "is" : "are") not",
                    remedy: "Set \(missing.joined(separator: " and ")); on Kubernetes, annotate the service account.",
                    kind: .misconfigured))
        }
        var authority = AzureCloud.public.authority
        if let text = environment["AZURE_AUTHORITY_HOST"] { authority = try Authority(text) }
        return TokenEndpoint(
            authority: authority, tenant: environment["AZURE_TENANT_ID"]?.trimmed ?? "",
            clientID: environment["AZURE_CLIENT_ID"]?.trimmed ?? "", tenantRules: TenantRules(environment),
            settings: .variables(proof: Self.fileVariable), route: try proxy.route(), http: http, clock: clock)
    }
}

extension WorkloadIdentityCredential: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The name alone.
    public var description: String { "WorkloadIdentityCredential" }

    /// The same as ``description``.
    public var debugDescription: String { description }

    /// Nothing but the ``description``.
    public var customMirror: Mirror { Mirror(self, children: ["credential": description]) }
}
