import CommandCredentials
import TokenCredentials

/// What the complaints of `az` mean.
///
/// The first row that speaks of one decides.
enum AzureCLIFaults {
    static let rows: [ToolFault] = [
        ToolFault(
            ["az: not found", "az: command not found", "'az' is not recognized"], status: 127, .unavailable, nil,
            "the Azure CLI (az) is not installed, or lacks a program it needs",
            remedy: "Install the Azure CLI and run {login}."),
        ToolFault(
            ["lockfile", "portalocker", "LockException"], .failed, .temporary,
            "the Azure CLI could not lock its token cache",
            remedy: "See that ~/.azure belongs to you and that no other az hangs, then try again.",
            retryAfter: .seconds(5)),
        ToolFault(
            ["JSONDecodeError"], .failed, .misconfigured,
            "the files in which the Azure CLI keeps its sign-in are damaged",
            remedy: "Run az account clear and then {login}."),
        ToolFault(
            [
                "AADSTS700082", "AADSTS70043", "AADSTS50173", "AADSTS70008", "AADSTS50078", "AADSTS50089",
                "AADSTS50132",
                "AADSTS50133", "AADSTS70044", "AADSTS700084",
            ], .failed, .signInNeeded,
            "the sign-in of the Azure CLI has ended", remedy: "Run {login}."),
        ToolFault(
            ["AADSTS50076", "AADSTS50079", "AADSTS50074", "AADSTS50158", "AADSTS50072", "AADSTS65001", "AADSTS65004"],
            .failed, .signInNeeded,
            "Entra wants the sign-in of the Azure CLI confirmed, by a second factor or by consent",
            remedy: "Run az logout and then {login}."),
        ToolFault(
            ["AADSTS53000", "AADSTS53001", "AADSTS53002", "AADSTS53003", "AADSTS530036"], .failed, .refused,
            "a conditional access policy of the directory refuses the sign-in of the Azure CLI",
            remedy:
                "Ask the directory's administrator, or sign in from a machine that the policy allows."
        ),
        ToolFault(
            ["AADSTS500011", "AADSTS50001", "AADSTS650057"], .failed, .misconfigured,
            "the directory does not know the resource that the token was asked for",
            remedy: "Check the scope, which depends on the cloud, and the tenant."),
        ToolFault(
            ["AADSTS90002", "AADSTS900023", "AADSTS50020", "AADSTS90072"], .failed, .misconfigured,
            "the directory does not exist in this cloud, or does not know the user of the Azure CLI",
            remedy: "Check the tenant, then run {login}."),
        ToolFault(
            ["AADSTS7000215", "AADSTS7000222", "AADSTS700027"], .failed, .signInNeeded,
            "the secret or certificate by which the Azure CLI is signed in as an application has ended or is wrong",
            remedy: "Run az login --service-principal with a new one."),
        ToolFault(
            ["AADSTS50196", "AADSTS90033", "AADSTS90006", "AADSTS90055"], .failed, .temporary,
            "Entra asks the Azure CLI to wait", remedy: "Try again in a minute.", retryAfter: .seconds(60)),
        ToolFault(
            ["AADSTS"], .failed, .refused, "Entra refused the Azure CLI a token",
            remedy: "Look the code up with passgres explain-error, or run {login}."),
        ToolFault(
            ["localhost:50342"], .failed, .signInNeeded,
            "the Azure CLI asked the Cloud Shell's old identity service, which did not serve",
            remedy: "Run az login there."),
        // Before the next row: these complaints also say that the retries are used up.
        ToolFault(
            ["CERTIFICATE_VERIFY_FAILED", "SSLError"], .failed, .misconfigured,
            "the Azure CLI does not trust the certificate it was shown",
            remedy: "Name the proxy's certificate authority in REQUESTS_CA_BUNDLE."),
        ToolFault(
            [
                "NameResolutionError", "Failed to resolve", "Max retries exceeded", "Connection refused",
                "Connection reset",
                "Connection aborted", "ConnectionError", "Read timed out", "Network is unreachable", "ProxyError",
            ], .failed,
            .temporary, "the Azure CLI could not reach Entra",
            remedy: "Check the network and the proxy variables, then try again.", retryAfter: .seconds(10)),
        ToolFault(
            ["No space left on device", "Read-only file system", "Permission denied"], .failed, .misconfigured,
            "the Azure CLI cannot write its own files",
            remedy: "Make ~/.azure writable, or set AZURE_CONFIG_DIR to a directory that is."),
        ToolFault(
            ["unrecognized arguments", "is misspelled or not recognized"], .failed, .misconfigured,
            "the Azure CLI does not know account get-access-token as it is asked", remedy: "Update the Azure CLI."),
        ToolFault(
            ["az account set", "No subscription found"], .unavailable, .signInNeeded,
            "the Azure CLI has no subscription to act for",
            remedy: "Run {login}, or az account set --subscription with one of yours."),
        ToolFault(
            ["az login"], .unavailable, .signInNeeded, "nobody is signed in to the Azure CLI", remedy: "Run {login}."),
    ]

    /// What no row speaks of.
    static let other = ToolFault(
        [], .failed, nil, "the Azure CLI could not get a token, for a reason that is not known here",
        remedy: "Run az account get-access-token --output none to read what it says.")
}
