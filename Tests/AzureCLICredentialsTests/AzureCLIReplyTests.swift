import AzureCLICredentials
import CommandCredentials
import CredentialTesting
import FoundationEssentials
import Testing
import TokenCredentials

@Suite struct `A reply of the Azure CLI` {
    let clock = ManualClock()

    func credential(_ output: [UInt8]) -> AzureCLICredential {
        AzureCLICredential(
            environment: ["HOME": "/nonexistent"],
            commands: ScriptedRunner.az(.success(CommandOutput(ending: .exited(0), output: output))), clock: clock)
    }

    func token(_ text: String) async throws(CredentialError) -> AccessToken {
        try await credential(Array(text.utf8)).token(for: .sample)
    }

    @Test(arguments: [
        #""expires_on": 1700003600"#, #""expires_on": 1700003600.0"#, #""expires_on": "1700003600""#,
        #""expires_on": 1700003600, "expiresOn": "1999-01-01 00:00:00.000000""#,
        #""expiresOn": "2023-11-14T23:13:20Z""#,
        #""expires_on": null, "expiresOn": "2023-11-15T00:13:20+01:00""#,
    ])
    func `is believed the number before the text`(_ end: String) async throws {
        let token = try await token(#"{"accessToken": "t", \#(end), "tokenType": "Bearer"}"#)
        #expect(token.expiresAt == Date(timeIntervalSince1970: 1_700_003_600))
    }

    @Test func `ends when its token does, if that is earlier`() async throws {
        // Claims {"exp":1700000060}: a minute away, where the reply says a day.
        let token = try await token(
            #"{"accessToken": "e30.eyJleHAiOjE3MDAwMDAwNjB9.s", "expires_on": 1700086400, "tokenType": "Bearer"}"#)
        #expect(token.expiresAt == Date(timeIntervalSince1970: 1_700_000_060))
        let error = await #expect(throws: CredentialError.self) {
            try await self.token(#"{"accessToken": "e30.eyJleHAiOjF9.s", "expires_on": 1700086400}"#)
        }
        #expect(error?.diagnosis?.problem.contains("has ended already") == true)
    }

    @Test func `has a local time read in the zone in which az was started`() async throws {
        // Far enough from the clock's time for every zone there is.
        let token = try await token(#"{"accessToken": "t", "expiresOn": "2023-11-16 02:13:20.000000"}"#)
        #expect(token.expiresAt == LocalTime.instant("2023-11-16 02:13:20"))
    }

    @Test(arguments: ["}\n{", "{ no JSON }\n{", "{ no JSON }\n{\n{", "}}}\n  {\n"])
    func `may be cut off after a brace`(_ text: String) async {
        let error = await #expect(throws: CredentialError.self) { try await token(text) }
        #expect(error?.diagnosis?.problem.contains("cannot be understood") == true)
    }

    @Test(arguments: [
        "WARNING: You have 2 updates available.\n", "AVERTISSEMENT : nouvelle version {disponible}\n\n", "警告: {\n",
        "{ this is no JSON }\n", "\u{FEFF}", "  \r\n", "[1]\n",
    ])
    func `is found after a warning`(_ warning: String) async throws {
        #expect(try await token(warning + reply()).secret == "token-1")
        #expect(try await token(warning + reply() + "\nbye\n").secret == "token-1")
    }

    @Test(arguments: [
        "", "null", "[]", "{}", "eyJ-s3cr3t", #"{"accessToken": "s3cr3t""#, #"{"accessToken": "s3cr3t"}"#,
        #"{"accessToken": "", "expires_on": 1700003600}"#, #"{"accessToken": 7, "expires_on": 1700003600}"#,
        #"{"accessToken": "s3cr3t\n", "expires_on": 1700003600}"#,
        #"{"accessToken": "s3cr3t x", "expires_on": 1700003600}"#,
        #"{"accessToken": "s3cr3té", "expires_on": 1700003600}"#,
        #"{"accessToken": "s3cr3t\u0000", "expires_on": 1700003600}"#,
        #"{"accessToken": "s3cr3t", "expires_on": "soon"}"#, #"{"accessToken": "s3cr3t", "expiresOn": "soon"}"#,
        #"{"accessToken": "s3cr3t", "expires_on": -5}"#, #"{"accessToken": "s3cr3t", "expires_on": 1e300}"#,
        #"{"accessToken": "s3cr3t", "expires_on": true}"#,
        String(repeating: #"{"a":"#, count: 5000) + String(repeating: "}", count: 5000),
    ])
    func `fails without a token and its end, and is not quoted`(_ text: String) async throws {
        let failure = try #require(await failure(of: credential(Array(text.utf8))))
        #expect(failure.kind == "failed")
        #expect(failure.diagnosis.kind == .misconfigured)
        #expect(failure.diagnosis.problem.hasPrefix("the output of the Azure CLI cannot be understood: "))
        #expect(!shown(failure.diagnosis).contains("s3cr3t"))
    }

    @Test func `fails if it is no text`() async throws {
        let failure = try #require(await failure(of: credential([0xFF, 0xFE, 0x7B, 0x7D, 0])))
        #expect(failure.kind == "failed")
    }

    @Test func `fails if its token has ended`() async throws {
        let failure = try #require(await failure(of: credential(Array(reply("s3cr3t", expiresOn: 1_699_999_999).utf8))))
        #expect(failure.kind == "failed")
        #expect(failure.diagnosis.problem.contains("has ended already, at 2023-11-14T22:13:19Z"))
        #expect(!shown(failure.diagnosis).contains("s3cr3t"))
    }

    @Test func `is not believed an end in the far future`() async throws {
        let token = try await token(reply(expiresOn: 253_402_300_799))
        #expect(token.expiresAt == clock.now.addingTimeInterval(48 * 3600))
    }

    @Test func `survives every beginning and every change of one byte`() async {
        let sample = Array(reply("s3cr3t").utf8)
        for count in sample.indices { _ = try? await credential(Array(sample[..<count])).token(for: .sample) }
        for index in sample.indices {
            var changed = sample
            changed[index] ^= 0x21
            _ = try? await credential(changed).token(for: .sample)
        }
    }
}
