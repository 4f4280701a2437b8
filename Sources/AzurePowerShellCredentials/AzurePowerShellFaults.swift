import CommandCredentials
import TokenCredentials

/// What the complaints of Azure PowerShell mean.
///
/// The first row that speaks of one decides.
enum AzurePowerShellFaults {
    static let rows: [ToolFault] = [
        ToolFault(
            ["pwsh: not found", "pwsh: command not found", "'pwsh' is not recognized"], status: 127, .unavailable, nil,
            "PowerShell (pwsh) is not installed, or lacks a program it needs",
            remedy: "Install PowerShell and its module Az.Accounts, and run {login}."),
        ToolFault(
            ["Az.Accounts' was not loaded", "no valid module file was found"],
            status: AzurePowerShellScript.moduleMissing,
            .unavailable, nil, "PowerShell has no module Az.Accounts of version 2.2.0 or later",
            remedy: "Run Install-Module Az.Accounts, and then {login}."),
        ToolFault(
            ["cannot be loaded because running scripts is disabled", "execution policy", "UnauthorizedAccess"],
            .unavailable,
            .misconfigured, "an execution policy keeps PowerShell from loading its module Az.Accounts",
            remedy: "Run Set-ExecutionPolicy RemoteSigned, and then {login}."),
        ToolFault(
            [
                "AADSTS700082", "AADSTS70043", "AADSTS50173", "AADSTS70008", "AADSTS50076", "AADSTS50079",
                "User interaction is required",
            ],
            .failed, .signInNeeded, "the sign-in of Azure PowerShell has ended, or must be confirmed",
            remedy: "Run {login}."),
        ToolFault(
            ["AADSTS"], .failed, .refused, "Entra refused Azure PowerShell a token",
            remedy: "Look the code up with passgres explain-error, or run {login}."),
        ToolFault(
            ["Connect-AzAccount", "No account found in the context"], .unavailable, .signInNeeded,
            "nobody is signed in to Azure PowerShell", remedy: "Run {login}."),
        ToolFault(
            [
                "Name or service not known", "Connection refused", "Network is unreachable",
                "Resource temporarily unavailable",
            ],
            .failed, .temporary, "Azure PowerShell could not reach Entra",
            remedy: "Check the network and the proxy variables, then try again.", retryAfter: .seconds(10)),
    ]

    /// What no row speaks of.
    static let other = ToolFault(
        [], .failed, nil, "Azure PowerShell could not get a token, for a reason that is not known here",
        remedy: "Run Get-AzAccessToken in pwsh to read what it says.")
}
