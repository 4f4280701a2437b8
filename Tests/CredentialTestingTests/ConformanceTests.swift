import CredentialTesting
import FoundationEssentials
import Testing
import TokenCredentials

@Suite struct `The conformance suite` {
    @Test(arguments: OwnCredential.all)
    func `finds nothing in a credential of ours`(_ own: OwnCredential) async {
        let conformance = CredentialConformance(
            environment: own.environment, secrets: OwnCredential.secrets, clock: OwnCredential.clock)
        #expect(await conformance.violations(of: own.make) == [])
    }

    private static let conformance = CredentialConformance(
        environment: ["VAULT_TOKEN": "hush-vault"], secrets: ["hush-vault"], calls: 10, limit: .seconds(1))

    @Test(arguments: Flaw.allCases)
    func `finds each flaw, and names no secret`(_ flaw: Flaw) async {
        let found = await Self.conformance.violations { FlawedCredential(flaw, $0, $1) }
        #expect(Set(found.map(\.rule)) == flaw.rules, "\(found)")
        #expect(!everythingShown(of: found).contains("hush"))
    }

    @Test func `demands that the credential be made at least once`() async {
        let found = await Self.conformance.violations { _, _ in nil }
        #expect(found.map(\.rule) == [.token])
    }
}
