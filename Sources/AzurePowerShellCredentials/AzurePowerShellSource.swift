import CommandCredentials
import FoundationEssentials
import TokenCredentials

/// Runs `pwsh` for every token.
struct AzurePowerShellSource: ConfiguredCredential {
    static let tool = Tool(
        program: "pwsh", title: "PowerShell",
        installation:
            "Install PowerShell and its module Az.Accounts and run Connect-AzAccount, or use another credential.")

    let tenant: String?
    let environment: ProcessEnvironment
    let commands: any CommandRunner
    let clock: any WallClock
    let timeLimit: Duration

    var name: String { "azure-powershell" }

    var configuration: CredentialConfiguration { Self.tool.configuration(in: environment, commands) }

    func token(for request: TokenRequest) async throws(CredentialError) -> AccessToken {
        let resource = try request.toolResource("Azure PowerShell")
        let tenant = try request.toolTenant(or: tenant, in: environment)
        let login = "Connect-AzAccount" + (tenant.map { " -Tenant \($0)" } ?? "")
        if let claims = request.claims { throw Self.claimsNeeded(claims, login) }
        let script = AzurePowerShellScript(resource: resource, tenant: tenant)
        let output = try await Self.tool.run(
            ["-NoProfile", "-NonInteractive", "-EncodedCommand", script.encoded],
            adding: ["NO_COLOR": "true", "POWERSHELL_TELEMETRY_OPTOUT": "1", "POWERSHELL_UPDATECHECK": "Off"],
            environment: environment, commands: commands, timeLimit: timeLimit)
        guard output.isSuccess else {
            throw AzurePowerShellFaults.rows.error(
                for: String(decoding: output.errorOutput, as: UTF8.self), output.ending, login: login,
                other: AzurePowerShellFaults.other)
        }
        return try Self.token(in: output.output, now: clock.now)
    }

    /// Reads the object that the script prints.
    private static func token(in output: [UInt8], now: Date) throws(CredentialError) -> AccessToken {
        guard let reply = ToolReply.object(in: output) else {
            throw ToolReply.notUnderstood(tool.title, "it is not a JSON object")
        }
        return try ToolReply.token(
            reply["token"]?.text,
            expiresAt: reply["expiresOn"]?.integer.map { Date(timeIntervalSince1970: Double($0)) },
            from: tool.title, now: now)
    }

    /// A challenge cannot be handed to `Get-AzAccessToken`; signing in with it meets it (Az.Accounts 5.2.0 and later).
    private static func claimsNeeded(_ claims: String, _ login: String) -> CredentialError {
        let challenge = Data(claims.utf8).base64EncodedString()
        return .failed(
            Diagnosis(
                "the service demands claims that Azure PowerShell can meet only by a new sign-in",
                remedy: challenge.utf8.count <= 8192
                    ? "Run \(login) -ClaimsChallenge \(challenge) (Az.Accounts 5.2.0 or later)."
                    : "Run Disconnect-AzAccount and then \(login).",
                kind: .signInNeeded))
    }

    /// Where Azure PowerShell keeps who is signed in, and its tokens.
    static func signInFiles(in environment: ProcessEnvironment) -> SignInFiles {
        let home = environment["HOME"] ?? "/nonexistent"
        return SignInFiles(
            settings: ["\(home)/.Azure/AzureRmContext.json"],
            tokens: ["\(home)/.local/share/.IdentityService/msal.cache", "\(home)/.Azure/msal.cache"])
    }
}
