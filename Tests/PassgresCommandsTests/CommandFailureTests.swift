import EntraTokenEndpoint
import Testing
import TokenCredentials

@testable import KnownFailures
@testable import PassgresCommands

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
        #expect(
            text.contains("red \\u001b[31m bell \\u0007 and \\u009b31m, ü and 💥  stay here"),
            "\(text.debugDescription)")
        #expect(text.unicodeScalars.allSatisfy { $0 == "\n" || $0.isPrintable })
    }

    @Test func `carries none for what is not`() {
        #expect(CommandFailure(CredentialError.failed("the moon is full")).text == "passgres: the moon is full")
    }

    @Test(arguments: ["\u{1b}]0;x\u{7}", "\u{202e}", "\u{9b}2J", "\n passgres: forged", "\u{2028}", "\u{7f}"])
    func `names files and credentials without what a terminal takes for a command`(_ nasty: String) {
        let attempts = ["own\(nasty)", "two"].map {
            CredentialAttempt(name: $0, duration: .zero, outcome: .failure(.unavailable("no")))
        }
        for text in [
            CommandFailure(FileError("writing", "/tmp/a\(nasty)b", .notARegularFile)).text,
            CommandFailure(CredentialError.failed(Diagnosis("a\(nasty)b", remedy: "c\(nasty)d"))).text,
            AttemptTable(attempts).lines.joined(),
            CheckFinding.ok(.login, "PostgreSQL 17\(nasty)").text, CheckFinding.skip(.role, "ERROR\(nasty)").text,
            CheckFinding.fail(.login, "R02", "a\(nasty)b", [.user: "ada\(nasty)"]).text,
            CheckFinding.fail(.login, "R02", "a\(nasty)b", [.user: "ada\(nasty)"]).remedy ?? "",
        ] {
            #expect(text.unicodeScalars.allSatisfy { $0.isPrintable }, "\(text.debugDescription)")
        }
    }

    @Test(arguments: EntraErrorCode.known.map(\.number))
    func `carries a code of its own for every number of Entra's that is known`(_ number: Int) {
        let matches = FailureTable.matches(in: "it says no (AADSTS\(number)) (entra error: invalid_client)")
        #expect(matches.first?.failure.code != "E29")
        #expect(number == 70002 || number == 7000215 || matches.first?.failure.code != "E13")
    }

    @Test(arguments: [
        ("may not be read by this account", "I09"), ("is not there", "I10"), ("is empty or holds a line break", "I10"),
        ("is a symbolic link", "I11"), ("belongs to neither root nor the agent, or others may write to it", "I11"),
    ])
    func `carries a code of its own for each fault of the Arc agent's key file`(_ fault: String, _ code: String) {
        let text = CommandFailure(
            CredentialError.failed(
                Diagnosis(
                    "the Azure Arc agent's key file in /var/opt/azcmagent/tokens \(fault)",
                    remedy: "Restart the agent (himds)."))
        ).text
        #expect(text.hasSuffix("[\(code)]"), "\(text)")
    }
}
