import CommandCredentials
import FoundationEssentials
import TokenCredentials

/// Runs `az` for every token.
struct AzureCLISource: ConfiguredCredential {
    static let tool = Tool(
        program: "az", title: "the Azure CLI",
        installation: "Install the Azure CLI and run az login, or use another credential.")

    let tenant: String?
    let subscription: String?
    let environment: ProcessEnvironment
    let commands: any CommandRunner
    let clock: any WallClock
    let timeLimit: Duration

    var name: String { "azure-cli" }

    var configuration: CredentialConfiguration { Self.tool.configuration(in: environment, commands) }

    func token(for request: TokenRequest) async throws(CredentialError) -> AccessToken {
        let resource = try request.toolResource("az")
        let tenant = try checkedTenant(for: request)
        let login = Self.login(resource: resource, tenant: tenant)
        if let claims = request.claims { throw Self.claimsNeeded(claims, login) }
        var arguments = ["account", "get-access-token", "--output", "json", "--resource", resource]
        if let tenant { arguments += ["--tenant", tenant] }
        if let subscription { arguments += ["--subscription", try ToolArgument.subscription.checked(subscription)] }
        let output = try await Self.tool.run(
            arguments, adding: ["AZURE_CORE_NO_COLOR": "true", "AZURE_CORE_COLLECT_TELEMETRY": "false"],
            environment: environment, commands: commands, timeLimit: timeLimit)
        guard output.isSuccess else {
            throw AzureCLIFaults.rows.error(
                for: String(decoding: output.errorOutput, as: UTF8.self), output.ending, login: login,
                other: AzureCLIFaults.other)
        }
        return try AzureCLIReply.token(in: output.output, now: clock.now)
    }

    private func checkedTenant(for request: TokenRequest) throws(CredentialError) -> String? {
        guard let tenant = try request.toolTenant(or: tenant, in: environment) else { return nil }
        guard subscription == nil else {
            throw .failed(
                Diagnosis(
                    "the Azure CLI takes a tenant or a subscription, and both are given",
                    remedy: "Leave one of them out.",
                    kind: .misconfigured))
        }
        return tenant
    }

    private static func login(resource: String, tenant: String?) -> String {
        (["az login"] + (tenant.map { ["--tenant", $0] } ?? []) + ["--scope", "\(resource)/.default"])
            .joined(separator: " ")
    }

    /// A challenge cannot be handed to `get-access-token`; signing in with it is what meets it (CLI 2.76.0 and later).
    private static func claimsNeeded(_ claims: String, _ login: String) -> CredentialError {
        let challenge = Data(claims.utf8).base64EncodedString()
        return .failed(
            Diagnosis(
                "the service demands claims that the Azure CLI can meet only by a new sign-in",
                remedy: challenge.utf8.count <= 8192
                    ? "Run \(login) --claims-challenge \(challenge) (Azure CLI 2.76.0 or later)."
                    : "Run az logout and then \(login).",
                kind: .signInNeeded))
    }
}
