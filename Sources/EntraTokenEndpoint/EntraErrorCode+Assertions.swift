import TokenCredentials

// Meanings after Microsoft's reference of error codes, in words of our own.
extension EntraErrorCode {
    /// Troubles with certificates, assertions and federated tokens.
    static let assertionRows: [EntraErrorCode] = [
        .init(
            50012, .refused, "Entra could not verify the proof of application {client}",
            "Check that the certificate behind {proof} is uploaded to the app registration and not expired."),
        .init(
            50013, .refused, "the assertion is not valid",
            "Take a fresh token of the person and check that it is meant for application {client}."),
        .init(
            500133, .refused, "the assertion is outside the time in which it is valid",
            "Take a fresh token and check the clock."),
        .init(
            50017, .refused, "the chain of the certificate is not valid",
            "Send the whole chain, and check that the application trusts its issuer."),
        .init(
            7000213, .refused,
            "the chain of the certificate behind {proof} leads to no issuer that application {client} trusts",
            "Send the whole chain, or upload the certificate itself to the app registration."),
        .init(
            7000214, .refused, "the certificate behind {proof} was revoked",
            "Upload a new certificate to the app registration and use it."),
        .init(
            1000502, .refused, "the certificate behind {proof} is out of its time",
            "Upload a new certificate to the app registration and use it, or check the clock."),
        .init(
            50166, .temporary, "Entra does not reach the issuer of the federated token",
            "Let anybody read the issuer's keys, and try again later."),
        .init(
            90061, .temporary, "Entra does not reach the issuer of the federated token",
            "Let anybody read the issuer's keys, and try again later."),
        .init(
            7000272, .refused, "the issuer of the federated token does not publish the key that signed it",
            "Publish the key where the issuer's /.well-known/openid-configuration says."),
        .init(
            700222, .refused, "a token of Entra's own is not accepted as a federated one here",
            "Use a managed identity of the same tenant, or a token of another issuer."),
        .init(
            700236, .refused, "a token of Entra's own is not accepted as a federated one here",
            "Use a managed identity of the same tenant, or a token of another issuer."),
        .init(
            50027, .refused, "the assertion is malformed",
            "Check that {proof} holds a JSON Web Token, whole and unchanged."),
        .init(
            700021, .refused, "the assertion names another application than {client}",
            "Check that client id and {proof} belong together."),
        .init(
            700023, .refused, "the audience of the assertion, or the scope {scope}, does not fit",
            "Check that {proof} was issued for this tenant, and that the scope names a resource."),
        .init(
            700024, .refused, "the assertion is outside the time in which it is valid",
            "Check the clock, and that {proof} is renewed."),
        .init(
            700027, .refused, "the certificate behind {proof} is not registered for application {client}",
            "Upload the certificate to the app registration, or use the one that is there."),
        .init(
            700030, .refused, "the subject of the certificate behind {proof} is not allowed for application {client}",
            "Check the trusted subject names of the application."),
        .init(
            70021, .refused, "no federated credential of application {client} matches the subject of the token",
            "Add a federated credential with exactly this issuer, subject and audience."),
        .init(
            700213, .refused, "no federated credential of application {client} matches the subject of the token",
            "Add a federated credential with exactly this issuer, subject and audience."),
        .init(
            700211, .refused, "no federated credential of application {client} matches the issuer of the token",
            "Add a federated credential with exactly this issuer, subject and audience."),
        .init(
            700212, .refused, "no federated credential of application {client} matches the audience of the token",
            "Add a federated credential with exactly this issuer, subject and audience."),
        .init(
            700229, .refused, "the federated token is a person's, and only an application's is accepted",
            "Use a token of a managed identity or a workload."),
    ]
}
