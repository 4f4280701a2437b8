import TokenCredentials

// Meanings after Microsoft's reference of error codes, in words of our own.
extension EntraErrorCode {
    /// Troubles with the application and what it proves itself with.
    static let applicationRows: [EntraErrorCode] = [
        .init(
            70001, .refused, "application {client} is unknown or disabled in tenant {tenant}",
            "Check that the client id and the tenant belong together, and that {authority} is their cloud."),
        .init(
            700011, .refused, "application {client} is unknown or disabled in tenant {tenant}",
            "Check that the client id and the tenant belong together, and that {authority} is their cloud."),
        .init(
            700016, .refused, "application {client} is unknown or disabled in tenant {tenant}",
            "Check that the client id and the tenant belong together, and that {authority} is their cloud."),
        .init(
            7000112, .refused, "application {client} is unknown or disabled in tenant {tenant}",
            "Check that the client id and the tenant belong together, and that {authority} is their cloud."),
        .init(
            7000215, .refused, "the client secret of application {client} is wrong",
            "Put the secret's value into {proof}, not the secret's id; a lost value can only be replaced by a new secret."
        ),
        .init(
            7000222, .refused, "the client secret of application {client} has expired",
            "Create a new secret for the application and put its value into {proof}."),
        .init(70002, .refused, "the proof of application {client} is wrong", "Check {proof}."),
        .init(
            7000218, .refused, "application {client} has to prove itself, and no secret or assertion was sent",
            "Give a secret or a certificate, or allow public client flows in the app registration."),
        .init(
            700025, .refused, "application {client} is a public client and may not send a secret",
            "Leave the secret away, or register the application as a confidential client."),
        .init(
            7000114, .refused, "application {client} may not act on behalf of a person",
            "Use an application registration that is allowed to."),
        .init(
            50105, .refused, "the person is not assigned to application {client}",
            "Ask an administrator to assign the person, or the person's group, to the application."),
        .init(
            65002, .refused, "application {client} is not approved in advance for {scope}",
            "Use an app registration of your own."),
        .init(
            650056, .refused, "application {client} is not set up for {scope}",
            "Add the API permission in the app registration and have it consented to."),
        .init(
            650057, .refused, "application {client} is not set up for {scope}",
            "Add the API permission in the app registration and have it consented to."),
        .init(
            50011, .refused, "the redirect address is not registered for application {client}",
            "Register http://localhost as a redirect address for mobile and desktop applications."),
        .init(
            100007, .refused, "the regional endpoint does not serve application {client}",
            "Set AZURE_AUTHORITY_HOST to the authority of the cloud and not of a region, such as login.microsoftonline.com."
        ),
    ]
}
