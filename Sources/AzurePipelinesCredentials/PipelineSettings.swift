import EntraTokenEndpoint
import TokenCredentials

/// What a job of Azure Pipelines was told.
struct PipelineSettings: Sendable {
    let tenant: String?
    let clientID: String?
    let serviceConnectionID: String?
    let systemAccessToken: String?
    let environment: ProcessEnvironment

    static let requestVariable = "SYSTEM_OIDCREQUESTURI"

    /// All that is needed, checked.
    struct Job {
        let address: String
        let accessToken: String
        let tenant: String
        let clientID: String
        let authority: Authority
        let tenantRules: TenantRules
    }

    /// Where the agent hands out tokens; `nil` outside of a job.
    var requestAddress: String? { environment[Self.requestVariable] }

    /// Throws ``CredentialError/unavailable(_:)`` outside of a job, and ``CredentialError/failed(_:)`` where something is
    /// missing or malformed.
    func job() throws(CredentialError) -> Job {
        guard let requestAddress else {
            throw .unavailable(
                Diagnosis(
                    "\(Self.requestVariable) is not set",
                    remedy: "This credential works in a job of Azure Pipelines with a service connection."))
        }
        var missing: [String] = []
        func value(_ given: String?, _ names: String...) -> String {
            if let given { return given }
            if let found = names.compactMap({ environment[$0] }).first { return found.trimmed }
            missing += names.prefix(1)
            return ""
        }
        let tenant = value(tenant, "AZURESUBSCRIPTION_TENANT_ID", "AZURE_TENANT_ID")
        let clientID = value(clientID, "AZURESUBSCRIPTION_CLIENT_ID", "AZURE_CLIENT_ID")
        let connection = value(serviceConnectionID, "AZURESUBSCRIPTION_SERVICE_CONNECTION_ID")
        let accessToken = value(systemAccessToken, "SYSTEM_ACCESSTOKEN")
        guard missing.isEmpty else {
            throw Self.failed(
                "\(Self.requestVariable) is set, and \(missing.joined(separator: ", ")) "
                    + "\(missing.count == 1 ? "is" : "are") not",
                "Set them in the step; SYSTEM_ACCESSTOKEN is mapped as $(System.AccessToken).")
        }
        guard !accessToken.isEmpty, accessToken.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw Self.failed(
                "SYSTEM_ACCESSTOKEN is empty or holds characters no token holds", "Map it as $(System.AccessToken).")
        }
        var authority = AzureCloud.public.authority
        if let text = environment["AZURE_AUTHORITY_HOST"] { authority = try Authority(text) }
        return Job(
            address: try FederatedTokenService.address(
                requestAddress, adding: [("api-version", "7.1"), ("serviceConnectionId", connection)],
                called: Self.requestVariable),
            accessToken: accessToken, tenant: tenant, clientID: clientID, authority: authority,
            tenantRules: TenantRules(environment))
    }

    private static func failed(_ problem: String, _ remedy: String) -> CredentialError {
        .failed(Diagnosis(problem, remedy: remedy, kind: .misconfigured))
    }
}
