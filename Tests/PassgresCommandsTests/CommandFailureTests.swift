import PassgresCommands
import Testing
import TokenCredentials

@Suite struct `The end of a command` {
    @Test(arguments: [
        (
            Diagnosis(
                "the client secret is wrong", kind: .refused,
                facts: [.init("entra error", "invalid_client (AADSTS7000215)")]), "[E13]"
        ),
        (Diagnosis("AZURE_CLIENT_SECRET is set, and AZURE_TENANT_ID is not", kind: .misconfigured), "[E25]"),
        (Diagnosis("sslmode=prefer may send the token without TLS to a server that is not on this machine"), "[N17]"),
    ])
    func `carries the code of what is known`(_ diagnosis: Diagnosis, _ code: String) {
        #expect(CommandFailure(CredentialError.failed(diagnosis)).text.hasSuffix(code))
    }

    @Test func `carries none for what is not`() {
        #expect(CommandFailure(CredentialError.failed("the moon is full")).text == "passgres: the moon is full")
    }
}
