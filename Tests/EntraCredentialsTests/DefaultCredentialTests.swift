import CredentialHTTP
import EntraCredentials
import Foundation
import LocalEntra
import ManagedIdentityCredentials
import Testing

@Suite struct `The default credential` {
    @Test func `asks the server once for a thousand tasks`() async throws {
        let cloud = try await LocalCloud.start(
            Configuration(
                tenant: LocalTenant(managedIdentities: [
                    .userAssigned(named: "orders-api", clientID: UUID().uuidString, objectID: UUID().uuidString)
                ])))
        let credential = try DefaultCredential(environment: [
            "AZURE_POD_IDENTITY_AUTHORITY_HOST": cloud.metadataAddress,
            "PASSGRES_CREDENTIALS": "environment,managed-identity",
        ])
        let request = TokenRequest("https://ossrdbms-aad.database.windows.net/.default")
        let secrets = try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 0..<1000 { group.addTask { try await credential.token(for: request).secret } }
            return try await group.reduce(into: Set<String>()) { $0.insert($1) }
        }
        #expect(secrets.count == 1)
        // One question whether anybody is there, and one request for a token.
        #expect(cloud.requests.filter { $0.header("Metadata") != nil }.count == 1)
        #expect(cloud.requests.count == 2)
        try await cloud.shutdown()
    }

    @Test(
        arguments: [
            ([:], CredentialOrder.standard, nil),
            (
                ["PASSGRES_CREDENTIALS": " azure-cli, Environment "], ["azure-cli", "environment"],
                "PASSGRES_CREDENTIALS"
            ),
            (
                ["AZURE_TOKEN_CREDENTIALS": "Prod"], ["environment", "workload-identity", "managed-identity"],
                "AZURE_TOKEN_CREDENTIALS"
            ),
            (["AZURE_TOKEN_CREDENTIALS": "AzureCliCredential"], ["azure-cli"], "AZURE_TOKEN_CREDENTIALS"),
            (
                ["AZURE_TOKEN_CREDENTIALS": "dev", "PASSGRES_CREDENTIALS": "environment"], ["environment"],
                "PASSGRES_CREDENTIALS"
            ),
            (["AZURE_TOKEN_CREDENTIALS": " "], CredentialOrder.standard, nil),
        ] as [([String: String], [String], String?)])
    func `reads its order from the environment`(variables: [String: String], names: [String], source: String?) throws {
        let order = try CredentialOrder(environment: ProcessEnvironment(variables))
        #expect(order.names == names)
        #expect(order.source == source)
    }

    @Test func `refuses a value of AZURE_TOKEN_CREDENTIALS that nobody knows`() {
        let error = #expect(throws: CredentialError.self) {
            try DefaultCredential(environment: ["AZURE_TOKEN_CREDENTIALS": "sometimes"])
        }
        #expect(error?.diagnosis?.problem.contains("sometimes") == true)
    }

    @Test func `takes a credential of a stranger's into its order`() async throws {
        var registry = CredentialRegistry.standard
        registry.register("vault") { _ in VaultCredential() }
        let credential = try DefaultCredential(
            registry: registry, environment: ["PASSGRES_CREDENTIALS": "vault, azure-cli"])
        #expect(try await credential.token(for: TokenRequest("x")).secret == "from the vault")
    }

    @Test func `asks a person only where somebody says so`() throws {
        let registry = CredentialRegistry.standard { _ in }
        #expect(registry.names.suffix(2) == ["device-code", "interactive-browser"])
        #expect(!CredentialRegistry.standard.names.contains("device-code"))
        let asked = try DefaultCredential(registry: registry, environment: [:]).chain.credentials.map(\.name)
        #expect(!asked.contains("device-code") && !asked.contains("interactive-browser") && !asked.contains("command"))
        for name in ["device-code", "interactive-browser", "azure-pipelines", "github-actions", "command"] {
            let credential = try DefaultCredential(registry: registry, environment: ["PASSGRES_CREDENTIALS": name])
            #expect(credential.chain.credentials.map(\.name) == [name])
        }
    }

    @Test func `knows a secret by one table`() {
        let secrets = KnownVariable.all.filter { $0.secrecy == .secret }.map(\.name)
        #expect(Set(secrets) == ProcessEnvironment.secretNames)
    }

    @Test func `stays with its own tenant where a variable says so, also when a person is asked`() async throws {
        func problem(_ variables: [String: String]) async -> String? {
            // Nobody listens there: how far the request came shows in what went wrong with it.
            let environment = ProcessEnvironment(
                ["AZURE_AUTHORITY_HOST": "127.0.0.1:1", "AZURE_TENANT_ID": "own"].merging(variables) { $1 })
            do throws(CredentialError) {
                _ = try await CredentialRegistry.standard { _ in }
                    .chain("device-code", environment: environment).token(for: TokenRequest("x", tenant: "other"))
                return nil
            } catch {
                return error.diagnosis?.problem
            }
        }
        #expect(await problem([:])?.contains("this credential may use only own") == true)
        let allowed = ["AZURE_ADDITIONALLY_ALLOWED_TENANTS": "other"]
        #expect(await problem(allowed)?.contains("cannot be reached") == true)
        #expect(
            await problem(["AZURE_IDENTITY_DISABLE_MULTITENANTAUTH": "true"])?.contains("cannot be reached") == true)
    }

    struct VaultCredential: TokenCredential {
        let name = "vault"
        func token(for request: TokenRequest) async throws(CredentialError) -> AccessToken {
            AccessToken(secret: "from the vault", expiresAt: .distantFuture)
        }
    }
}
