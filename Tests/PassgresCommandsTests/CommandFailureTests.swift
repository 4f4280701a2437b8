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

    @Test func `shows nothing that a terminal takes for a command`() {
        let problem = Diagnosis("red \u{1b}[31m bell \u{7} and \u{9b}31m, ü and 💥\r\nstay\u{2028}here")
        let attempts = [
            CredentialAttempt(name: "own", duration: .zero, outcome: .failure(.unavailable(problem))),
            CredentialAttempt(name: "two", duration: .zero, outcome: .failure(.unavailable("no"))),
        ]
        let text = CommandFailure(
            CredentialError.unavailable(Diagnosis("none applies", attempts: attempts))
        ).text
        #expect(text.contains("red  [31m bell   and  31m, ü and 💥  stay here"), "\(text.debugDescription)")
        #expect(text.unicodeScalars.allSatisfy { $0 == "\n" || $0.properties.generalCategory != .control })
    }

    @Test func `carries none for what is not`() {
        #expect(CommandFailure(CredentialError.failed("the moon is full")).text == "passgres: the moon is full")
    }
}
