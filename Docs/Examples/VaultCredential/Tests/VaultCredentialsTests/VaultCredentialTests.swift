import CredentialHTTP
import CredentialTesting
import Testing
import TokenCredentials
import VaultCredentials

@Suite struct `The Vault credential` {
    static let environment: [String: String] = [
        "VAULT_ADDR": "https://vault.example:8200", "VAULT_TOKEN": "s3cr3t", "VAULT_DATABASE_ROLE": "orders/rw",
    ]
    let clock = ManualClock()
    let request = TokenRequest("https://db.example/.default")

    func credential(_ http: ScriptedTransport, _ environment: [String: String] = environment) -> VaultCredential {
        VaultCredential(environment: ProcessEnvironment(environment), http: http, clock: clock)
    }

    @Test func `asks for a user and a password`() async throws {
        let http = ScriptedTransport(
            .success(.text(#"{"lease_duration":3600,"data":{"username":"v-api-1","password":"pa55"}}"#)))
        let token = try await credential(http).token(for: request)
        #expect(token.secret == "pa55" && token.user == "v-api-1")
        #expect(token.expiresAt == clock.now.addingTimeInterval(3600))
        #expect(http.requests.map(\.url) == ["https://vault.example:8200/v1/database/creds/orders%2Frw"])
        #expect(http.requests.first?.header("X-Vault-Token") == "s3cr3t")
    }

    @Test func `does not apply without an address`() async {
        await #expect {
            try await credential(ScriptedTransport([]), ["VAULT_TOKEN": "s3cr3t"]).token(for: request)
        } throws: { if case CredentialError.unavailable = $0 { true } else { false } }
    }

    @Test(arguments: [(403, Diagnosis.Kind.refused), (429, .temporary), (503, .temporary)])
    func `tells a refusal from trouble, and quotes nothing`(_ status: Int, _ kind: Diagnosis.Kind) async {
        let http = ScriptedTransport(.success(.text("s3cr3t", status: status)))
        await #expect { try await credential(http).token(for: request) } throws: {
            guard case CredentialError.failed(let diagnosis) = $0 else { return false }
            return diagnosis.kind == kind && !"\(diagnosis)".contains("s3cr3t")
        }
    }

    @Test func `is chosen by its name`() throws {
        var registry = CredentialRegistry()
        registry.registerVault()
        #expect(try registry.chain("vault", environment: [:]).credentials.map(\.name) == ["vault"])
    }
}
