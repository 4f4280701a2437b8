// The code of README and Docs, between marks. What stands between `// example: NAME` and `// end` is compared with the
// pages by PagesTests, imports aside; the same name may mark several places.

import CTestPQ
import Configuration
import CredentialObservability
import CredentialSettings
import CredentialTesting
import EntraCredentials
import EnvironmentCredentials
import FoundationEssentials
import Glibc
import LocalEntra
import Logging
import PasswordKeeping
import PostgresCredentials
import SecretStoreCredentials
import SystemPackage
import Testing
import TokenCredentials
import WorkloadIdentityCredentials

func login() async throws {
    // example: login
    let credential = try DefaultCredential()
    let connection = try await ConnectionInfo("host=db.example.org dbname=orders user=api").authenticated(
        with: credential)
    let conninfo = connection.conninfo  // What PQconnectdb takes. It holds the password.
    // end
    _ = conninfo
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

func observed() throws -> any TokenCredential {
    // example: observed
    let logger = Logger(label: "orders")
    let credential = CredentialChain(
        EnvironmentCredential().logged(to: logger),
        WorkloadIdentityCredential().logged(to: logger)
    ).traced().measured(as: "token_fetched").cached().measured(as: "token_asked")
    // end
    return credential
}

func settingsFromFile() async throws -> DefaultCredential {
    // example: settings
    let provider = try await EnvironmentVariablesProvider(environmentFilePath: "/etc/orders/settings.env")
    let settings = ProcessEnvironment(ConfigReader(provider: provider))
    let credential = try DefaultCredential(environment: settings)
    // end
    return credential
}

func keptSecret() throws -> ClientSecretCredential {
    // example: kept-secret
    let secret = try NamedSecret("orders-batch")
    let credential = ClientSecretCredential(
        tenant: "contoso.onmicrosoft.com", clientID: "7e57ab1e-0000-4000-8000-0000000000c1",
        findingSecret: secret.finding(in: LibsecretStore()))
    // end
    return credential
}

// example: libpq
extension ClientLogin {
    /// A session of libpq: `PQstatus` says whether it is open, and `PQfinish` ends it.
    func openSession() -> OpaquePointer? {
        let mode =
            switch tls {
            case .none: "disable"
            case .encrypted: "require"
            case .trustedAuthority: "verify-ca"
            case .verifiedHost: "verify-full"
            }
        let settings = [
            ("host", host), ("hostaddr", address ?? ""), ("port", "\(port)"), ("dbname", database), ("user", user),
            ("password", password), ("sslmode", mode), ("sslrootcert", trustedCertificatesFile ?? ""),
        ]
        let names = settings.map { strdup($0.0) }
        let values = settings.map { strdup($0.1) }
        defer { for text in names + values { free(text) } }
        return PQconnectdbParams(names.map { UnsafePointer($0) } + [nil], values.map { UnsafePointer($0) } + [nil], 0)
    }
}
// end

func keeperIsMade() throws -> PasswordKeeperService {
    // example: keeper
    let keeper = PasswordKeeper(
        try DefaultCredential(), for: Login(host: "db.example", database: "orders", user: "orders-api"),
        storingIn: PasswordFileDestination(path: "/run/orders/pgpass"))
    let service = PasswordKeeperService(keeper)
    // end
    return service
}

// example: destination
struct Vault: PasswordDestination {
    func store(_ password: String, for login: Login) async throws {
        try await write(password, to: "database/\(login.database)/\(login.user)")
    }
}
// end

extension Vault {
    private func write(_ text: String, to path: String) async throws {
        guard path == "database/orders/orders-api", text == "t0k3n" else { throw CancellationError() }
    }
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
        let provider = InMemoryProvider(values: ["passgres.credentials": "azure-cli"])
        let credential = try DefaultCredential(environment: ProcessEnvironment(ConfigReader(provider: provider)))
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
    @Test(arguments: [("", CONNECTION_OK), (" user=somebody", CONNECTION_BAD)])
    func `open a session of libpq with a token`(more: String, status: ConnStatusType) async throws {
        let machine = LocalIdentity.systemAssigned(
            machine: "vm1", clientID: "7e57ab1e-0000-4000-8000-0000000000b1",
            objectID: "7e57ab1e-0000-4000-8000-0000000000b2")
        let cloud = try await LocalCloud.start(
            LocalEntra.Configuration(
                tenant: LocalTenant(
                    managedIdentities: [machine],
                    roles: [LocalRole("orders-api", .service, objectID: machine.objectID)])))
        let scratch = try ScratchDirectory()
        let authorities = try scratch.write(cloud.caPEM, to: "ca.pem")
        let environment = ProcessEnvironment(
            cloud.environment(of: .imds).merging([
                "PASSGRES_CREDENTIALS": "managed-identity", "SSL_CERT_FILE": authorities, "HOME": scratch.path,
            ]) { $1 })
        let credential = try DefaultCredential(environment: environment)
        let server = try ConnectionInfo(
            "host=srv.postgres.database.azure.com hostaddr=127.0.0.1 port=\(cloud.databasePort) dbname=orders user=orders-api"
                + more)
        let login = try await server.clientLogin(with: credential, in: environment)
        let session = await onOwnThread { UInt(bitPattern: login.openSession()) }
        let connection = OpaquePointer(bitPattern: session)
        #expect(PQstatus(connection) == status, "\(String(cString: PQerrorMessage(connection)))")
        #expect((PQsslInUse(connection) == 1) || status == CONNECTION_BAD)
        PQfinish(connection)
        try await cloud.shutdown()
    }

    @Test func `keep a password in files and anywhere else`() async throws {
        _ = try keeperIsMade()
        let keeper = PasswordKeeper(
            StubCredential("stub", .success(AccessToken(secret: "t0k3n", expiresAt: .distantFuture))),
            for: Login(host: "db.example", database: "orders", user: "orders-api"), storingIn: Vault())
        try await keeper.store()
    }
}
