import CredentialTesting
import Testing
import TokenCredentials

@Suite struct `The conformance suite, on a credential program` {
    private let directory: ScratchDirectory

    init() throws { directory = try ScratchDirectory() }

    private func violations(_ script: String, named name: String = "passgres-credential-vault") async throws
        -> [ConformanceViolation]
    {
        let path = try directory.write("#!/bin/sh\n" + script, to: name, mode: 0o700)
        let conformance = CredentialConformance(
            environment: ["VAULT_TOKEN": "hush-vault"], secrets: ["hush-vault"], calls: 20)
        return await conformance.violations(ofProgram: path)
    }

    private static let good = """
        [ -n "$VAULT_TOKEN" ] || { echo '{"version":1,"problem":"VAULT_TOKEN is not set"}'; exit 69; }
        printf '{"version":1,"token":"%s","expiresOn":%d}' vault-token $(( $(date +%s) + 600 ))

        """

    @Test func `finds nothing in one that keeps to the protocol`() async throws {
        #expect(try await violations(Self.good) == [])
    }

    private struct Case: Sendable {
        let script: String
        let rules: Set<ConformanceViolation.Rule>
    }

    private static let cases = [
        Case(script: "exit 1", rules: [.absence, .token, .concurrency]),
        Case(
            script: #"echo '{"version":1,"problem":"VAULT_TOKEN is not set"}'; exit 69"#, rules: [.token, .concurrency]),
        Case(
            script: #"printf '{"version":1,"token":"vault-token","expiresOn":%d}' $(( $(date +%s) + 600 ))"#,
            rules: [.absence]),
        Case(
            script: #"[ -n "$VAULT_TOKEN" ] || exit 69; echo '{"version":1,"token":"vault-token","expiresOn":1}'"#,
            rules: [.token, .concurrency]),
        Case(
            script:
                #"[ -n "$VAULT_TOKEN" ] || exit 69; echo "{\"version\":1,\"problem\":\"no $VAULT_TOKEN\"}"; exit 77"#,
            rules: [.token, .concurrency, .secrecy]),
    ]

    @Test(arguments: cases.indices)
    func `finds what one does not keep to`(_ index: Int) async throws {
        let found = try await violations(Self.cases[index].script + "\n")
        // A call that was cancelled early enough never shows how the program would have ended.
        #expect(Set(found.map(\.rule)).subtracting([.cancellation]) == Self.cases[index].rules, "\(found)")
        #expect(!"\(found)".contains("hush"))
    }

    @Test func `takes the name of a credential whose program is on the PATH`() async throws {
        _ = try await violations(Self.good)
        let conformance = CredentialConformance(
            environment: ["VAULT_TOKEN": "hush-vault", "PATH": directory.path + ":/usr/bin:/bin"],
            secrets: ["hush-vault"], calls: 5)
        #expect(await conformance.violations(ofProgram: "vault") == [])
        #expect(await conformance.violations(ofProgram: "nobody").map(\.rule).contains(.token))
    }
}
