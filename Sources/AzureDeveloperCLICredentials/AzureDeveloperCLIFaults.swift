import CommandCredentials
import TokenCredentials

/// What the complaints of `azd` mean.
///
/// The first row that speaks of one decides.
enum AzureDeveloperCLIFaults {
    static let rows: [ToolFault] = [
        ToolFault(
            ["azd: not found", "azd: command not found", "'azd' is not recognized"], status: 127, .unavailable, nil,
            "the Azure Developer CLI (azd) is not installed, or lacks a program it needs",
            remedy: "Install the Azure Developer CLI and run {login}."),
        ToolFault(
            ["unknown flag: --claims"], .failed, .signInNeeded,
            "the service demands claims, which this Azure Developer CLI cannot ask for",
            remedy: "Update it to 1.18.1 or later."),
        ToolFault(
            ["unknown flag", "unknown command"], .failed, .misconfigured,
            "the Azure Developer CLI does not know auth token as it is asked", remedy: "Update the Azure Developer CLI."
        ),
        ToolFault(
            [
                "reauthentication required", "AADSTS700082", "AADSTS70043", "AADSTS50173", "AADSTS70008", "AADSTS50076",
                "AADSTS50079",
            ],
            .failed, .signInNeeded, "the sign-in of the Azure Developer CLI has ended, or must be confirmed",
            remedy: "Run {login}."),
        ToolFault(
            ["AADSTS"], .failed, .refused, "Entra refused the Azure Developer CLI a token",
            remedy: "Look the code up with passgres explain-error, or run {login}."),
        ToolFault(
            ["not logged in", "azd auth login"], .unavailable, .signInNeeded,
            "nobody is signed in to the Azure Developer CLI", remedy: "Run {login}."),
        ToolFault(
            [
                "no such host", "connection refused", "connection reset", "i/o timeout", "network is unreachable",
                "TLS handshake timeout",
            ],
            .failed, .temporary, "the Azure Developer CLI could not reach Entra",
            remedy: "Check the network and the proxy variables, then try again.", retryAfter: .seconds(10)),
        ToolFault(
            ["x509:"], .failed, .misconfigured, "the Azure Developer CLI does not trust the certificate it was shown",
            remedy: "Add the proxy's certificate authority to those of the system."),
    ]

    /// What no row speaks of.
    static let other = ToolFault(
        [], .failed, nil, "the Azure Developer CLI could not get a token, for a reason that is not known here",
        remedy: "Run azd auth token --output none to read what it says.")
}
