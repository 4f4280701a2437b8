import CommandCredentials
import FoundationEssentials
import TokenCredentials

/// Runs `azd` for every token.
struct AzureDeveloperCLISource: ConfiguredCredential {
    static let tool = Tool(
        program: "azd", title: "the Azure Developer CLI",
        installation: "Install the Azure Developer CLI and run azd auth login, or use another credential.",
        // Signed in as a job of a pipeline, it asks the platform for a new proof with every token.
        needing: ["ACTIONS_ID_TOKEN_REQUEST_TOKEN", "SYSTEM_ACCESSTOKEN"])

    let tenant: String?
    let environment: ProcessEnvironment
    let commands: any CommandRunner
    let clock: any WallClock
    let timeLimit: Duration

    var name: String { "azure-developer-cli" }

    var configuration: CredentialConfiguration { Self.tool.configuration(in: environment, commands) }

    func token(for request: TokenRequest) async throws(CredentialError) -> AccessToken {
        var arguments = ["auth", "token", "--output", "json", "--no-prompt"]
        for scope in request.scopes { arguments += ["--scope", try ToolArgument.scope.checked(scope)] }
        var login = "azd auth login"
        if let tenant = try request.toolTenant(or: tenant, in: environment) {
            arguments += ["--tenant-id", tenant]
            login += " --tenant-id \(tenant)"
        }
        // Known to azd 1.18.1 and later.
        if let claims = request.claims { arguments += ["--claims", Data(claims.utf8).base64EncodedString()] }
        let output = try await Self.tool.run(
            arguments, adding: ["NO_COLOR": "true", "AZURE_DEV_COLLECT_TELEMETRY": "no"], environment: environment,
            commands: commands, timeLimit: timeLimit)
        guard output.isSuccess else {
            throw AzureDeveloperCLIFaults.rows.error(
                for: AzureDeveloperCLIReply.complaint(in: output), output.ending, login: login,
                other: AzureDeveloperCLIFaults.other)
        }
        return try AzureDeveloperCLIReply.token(in: output.output, now: clock.now)
    }

    /// Where `azd` keeps its settings and who is signed in; and `az`, whom it asks where it was told to
    /// (`auth.useAzCliAuth`).
    static func signInFiles(in environment: ProcessEnvironment) -> SignInFiles {
        let directory = environment["AZD_CONFIG_DIR"] ?? environment["HOME"].map { "\($0)/.azd" } ?? "/nonexistent"
        return SignInFiles(
            settings: ["auth.json", "config.json"].map { "\(directory)/\($0)" },
            tokens: ["\(directory)/auth/msal/cache.json"]
        ).watchingSignIns(of: .azureCLI(in: environment))
    }
}
