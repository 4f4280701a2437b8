// The code of README and Docs, between marks. What stands between `// example: NAME` and `// end` is compared with the
// pages by PagesTests; the same name may mark several places.

import Configuration
// example: observed
import CredentialObservability
// end
import CredentialSettings
// example: login
import EntraCredentials
// end
// example: observed
import EnvironmentCredentials
// end
import FoundationEssentials
import Logging
// example: login
import PostgresCredentials
// end
import SecretStoreCredentials
import Testing
import TokenCredentials
// example: observed
import WorkloadIdentityCredentials

// end

/// Stands for a client of libpq.
private func connect(_ conninfo: String) {}

func login() async throws {
    // example: login
    let credential = try DefaultCredential()
    let connection = try await ConnectionInfo("host=db.example.org dbname=orders user=api").authenticated(
        with: credential)
    connect(connection.conninfo)
    // end
}

// example: vault
struct VaultCredential: TokenCredential {
    let name = "vault"
    let environment: ProcessEnvironment

    func token(for request: TokenRequest) async throws(CredentialError) -> AccessToken {
        guard let address = environment["VAULT_ADDR"] else { throw .unavailable("VAULT_ADDR is not set") }
        return try await attempting("asking Vault at \(address)") { try await readToken(from: address, for: request) }
    }
}
// end

extension VaultCredential {
    private struct Sealed: Error {}

    fileprivate func readToken(from address: String, for request: TokenRequest) async throws -> AccessToken {
        guard address == "https://vault.example" else { throw Sealed() }
        return AccessToken(secret: "t0k3n", expiresAt: .distantFuture)
    }
}

func vaultIsRegistered() throws -> [String] {
    // example: registration
    var registry = CredentialRegistry.standard
    registry.register("vault") { environment in VaultCredential(environment: environment) }
    // end
    return registry.names
}

func vaultIsChosen() throws {
    var registry = CredentialRegistry.standard
    registry.register("vault") { environment in VaultCredential(environment: environment) }
    // example: chosen
    let credential = try DefaultCredential(registry: registry)
    // end
    _ = credential
}

func observed(_ logger: Logger) throws -> any TokenCredential {
    // example: observed
    let credential = CredentialChain(
        EnvironmentCredential().logged(to: logger),
        WorkloadIdentityCredential().logged(to: logger)
    ).traced().measured(as: "token_fetched").cached().measured(as: "token_asked")
    // end
    return credential
}

func settingsFromFiles(_ provider: some ConfigProvider) throws -> DefaultCredential {
    // example: settings
    let settings = ProcessEnvironment(ConfigReader(provider: provider))
    let credential = try DefaultCredential(environment: settings)
    // end
    return credential
}

func keptSecret(_ store: any SecretStore, tenant: String, clientID: String) throws -> ClientSecretCredential {
    // example: kept-secret
    let secret = try NamedSecret("orders-batch")
    let credential = ClientSecretCredential(
        tenant: tenant, clientID: clientID, findingSecret: secret.finding(in: store))
    // end
    return credential
}

@Suite struct `The examples of the pages` {
    let request = TokenRequest("https://db.example/.default")

    @Test func `choose the eight-line credential by its name`() async throws {
        var registry = CredentialRegistry.standard
        registry.register("vault") { environment in VaultCredential(environment: environment) }
        let credential = try DefaultCredential(
            registry: registry,
            environment: ["PASSGRES_CREDENTIALS": "vault, managed-identity", "VAULT_ADDR": "https://vault.example"])
        #expect(try await credential.token(for: request).secret == "t0k3n")
        #expect(try vaultIsRegistered().last == "vault")
    }

    @Test func `read settings from a configuration`() throws {
        let credential = try settingsFromFiles(InMemoryProvider(values: ["passgres.credentials": "azure-cli"]))
        #expect(credential.chain.credentials.map(\.name) == ["azure-cli"])
    }

    @Test func `decide whether they apply`() async {
        await #expect { try await VaultCredential(environment: [:]).token(for: request) } throws: {
            if case CredentialError.unavailable = $0 { true } else { false }
        }
        await #expect {
            try await VaultCredential(environment: ["VAULT_ADDR": "https://sealed.example"]).token(for: request)
        } throws: {
            guard case CredentialError.failed(let diagnosis) = $0 else { return false }
            return diagnosis.problem.hasPrefix("asking Vault at https://sealed.example did not work")
        }
    }
}
