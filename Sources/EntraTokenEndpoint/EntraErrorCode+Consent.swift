import TokenCredentials

// Meanings after Microsoft's reference of error codes, in words of our own.
extension EntraErrorCode {
    /// Troubles with consent.
    static let consentRows: [EntraErrorCode] = [
        .init(
            65001, .signInNeeded, "nobody has consented to application {client} for {scope}",
            "Sign in interactively and consent, or have an administrator consent."),
        .init(65004, .signInNeeded, "consent was declined", "Sign in again and consent."),
        .init(
            90094, .signInNeeded, "an administrator has to consent to application {client}",
            "Ask an administrator of tenant {tenant} to consent."),
        .init(
            90095, .signInNeeded, "an administrator has to consent to application {client}",
            "Ask an administrator of tenant {tenant} to consent."),
    ]
}
