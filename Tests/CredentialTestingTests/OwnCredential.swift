import AzureCLICredentials
import AzureDeveloperCLICredentials
import AzurePipelinesCredentials
import AzurePowerShellCredentials
import CommandCredentials
import CredentialHTTP
import CredentialTesting
import DeviceCodeCredentials
import EnvironmentCredentials
import FoundationEssentials
import GitHubActionsCredentials
import InteractiveBrowserCredentials
import ManagedIdentityCredentials
import OnBehalfOfCredentials
import SecretStoreCredentials
import Testing
import TokenCredentials
import WorkloadIdentityCredentials

/// One of our credentials, with how each situation is staged for it.
struct OwnCredential: Sendable, CustomTestStringConvertible {
    typealias Situation = CredentialConformance.Situation

    let testDescription: String
    let environment: ProcessEnvironment
    let make: CredentialConformance.Making

    private init(
        _ name: String, _ environment: ProcessEnvironment = [:], make: @escaping CredentialConformance.Making
    ) {
        testDescription = name
        self.environment = environment
        self.make = make
    }

    static let clock = HastyClock()
    static let secrets = ["hush-secret", "hush-header", "hush-refresh", "hush-assertion", federated, "hush-token"]
    private static let tenant = "5a1f0d3c-0000-4000-8000-00000000ab01"
    private static let client = "5a1f0d3c-0000-4000-8000-00000000ab02"
    /// Claims `{"sub":"s","exp":1700003600}`.
    private static let federated = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJzIiwiZXhwIjoxNzAwMDAzNjAwfQ.c2ln"
    private static let files = MemoryFiles(["/token": federated])
    private static let application: ProcessEnvironment = [
        "AZURE_TENANT_ID": tenant, "AZURE_CLIENT_ID": client, "AZURE_CLIENT_SECRET": "hush-secret",
    ]
    private static let workload: ProcessEnvironment = [
        "AZURE_TENANT_ID": tenant, "AZURE_CLIENT_ID": client, "AZURE_FEDERATED_TOKEN_FILE": "/token",
    ]

    private static let pipeline: ProcessEnvironment = [
        "AZURE_TENANT_ID": tenant, "AZURE_CLIENT_ID": client, "SYSTEM_ACCESSTOKEN": "hush-secret",
        "AZURESUBSCRIPTION_SERVICE_CONNECTION_ID": client, "SYSTEM_OIDCREQUESTURI": "https://dev.example/oidc",
    ]
    private static let workflow: ProcessEnvironment = [
        "AZURE_TENANT_ID": tenant, "AZURE_CLIENT_ID": client, "ACTIONS_ID_TOKEN_REQUEST_TOKEN": "hush-secret",
        "ACTIONS_ID_TOKEN_REQUEST_URL": "https://run.example/token",
    ]

    /// What Entra, and every identity endpoint, answers in a situation.
    private static func http(_ situation: Situation) -> any HTTPTransport {
        switch situation {
        case .nothingConfigured: StubTransport(.failure(.connectTimeout))
        case .configured: reply(expiresIn: 3600)
        case .silent: StubTransport.silent
        case .stale: reply(expiresIn: -3600)
        }
    }

    private static func reply(expiresIn seconds: Int) -> StubTransport {
        StubTransport(
            .success(
                .text(
                    """
                    {"token_type":"Bearer","access_token":"hush-token","expires_in":\(seconds),\
                    "expires_on":\(1_700_000_000 + seconds),"refresh_token":"hush-refresh","value":"\(federated)","oidcToken":"\(federated)"}
                    """)))
    }

    /// How a program ends that prints this as its token.
    private static func commands(
        _ situation: Situation, _ print: (_ end: Int) -> String
    ) -> any CommandRunner {
        switch situation {
        case .nothingConfigured: ScriptedRunner(programs: [:])
        case .configured: StubRunner(.success(CommandOutput(print(1_700_003_600))))
        case .silent: StubRunner.silent
        case .stale: StubRunner(.success(CommandOutput(print(1_699_996_400))))
        }
    }

    /// A store with a sign-in; empty where nothing is configured.
    private static func store(_ situation: Situation) -> MemorySecretStore {
        let document = """
            {"version":1,"refreshToken":"hush-refresh","tenant":"organizations",\
            "clientID":"04b07795-8ddb-461a-bbee-02f9e1bf7b46","scopes":["s"],\
            "authority":"https://login.microsoftonline.com","renewedAt":1700000000}
            """
        let key = SecretKey(kind: "sign-in", profile: "default")
        return MemorySecretStore(situation == .nothingConfigured ? [:] : [key: document])
    }

    static let all: [OwnCredential] = applications + hosts + tools + people

    private static let applications: [OwnCredential] = [
        OwnCredential("environment", application) {
            EnvironmentCredential(environment: $1, files: files, http: http($0), clock: clock)
        },
        OwnCredential("client-secret") { situation, _ in
            guard situation != .nothingConfigured else { return nil }
            return ClientSecretCredential(
                tenant: tenant, clientID: client, secret: "hush-secret", http: http(situation), clock: clock)
        },
        OwnCredential("client-assertion") { situation, _ in
            guard situation != .nothingConfigured else { return nil }
            return ClientAssertionCredential(
                tenant: tenant, clientID: client, http: http(situation), clock: clock
            ) { "hush-assertion" }
        },
        OwnCredential("on-behalf-of") { situation, _ in
            guard situation != .nothingConfigured else { return nil }
            return OnBehalfOfCredential(
                userAssertion: "hush-assertion", tenant: tenant, clientID: client, proof: .secret("hush-secret"),
                http: http(situation), clock: clock)
        },
        OwnCredential("workload-identity", workload) {
            WorkloadIdentityCredential(environment: $1, files: files, http: http($0), clock: clock)
        },
        OwnCredential("azure-pipelines", pipeline) {
            AzurePipelinesCredential(environment: $1, http: http($0), clock: clock)
        },
        OwnCredential("github-actions", workflow) {
            GitHubActionsCredential(environment: $1, http: http($0), clock: clock)
        },
    ]

    private static let hosts: [OwnCredential] = [
        ("IMDS", ["AZURE_CLIENT_ID": client]),
        ("App Service", ["IDENTITY_ENDPOINT": "http://127.0.0.1:1/a", "IDENTITY_HEADER": "hush-header"]),
        ("older MSI", ["MSI_ENDPOINT": "http://127.0.0.1:1/a", "MSI_SECRET": "hush-header"]),
        ("Cloud Shell", ["MSI_ENDPOINT": "http://127.0.0.1:1/a"]),
        (
            "Service Fabric",
            [
                "IDENTITY_ENDPOINT": "https://127.0.0.1:1/a", "IDENTITY_HEADER": "hush-header",
                "IDENTITY_SERVER_THUMBPRINT": "00112233445566778899aabbccddeeff00112233",
            ]
        ),
    ].map { (name: String, environment: [String: String]) in
        OwnCredential("managed-identity on \(name)", ProcessEnvironment(environment)) {
            ManagedIdentityCredential(environment: $1, files: files, http: http($0), clock: clock)
        }
    }

    private static let tools: [OwnCredential] = [
        OwnCredential("azure-cli") {
            AzureCLICredential(
                environment: $1,
                commands: commands($0) { #"{"accessToken":"hush-token","expires_on":\#($0)}"# }, clock: clock)
        },
        OwnCredential("azure-developer-cli") {
            AzureDeveloperCLICredential(
                environment: $1,
                commands: commands($0) {
                    let end = Date(timeIntervalSince1970: Double($0)).ISO8601Format()
                    return #"{"token":"hush-token","expiresOn":"\#(end)"}"#
                }, clock: clock)
        },
        OwnCredential("azure-powershell") {
            AzurePowerShellCredential(
                environment: $1,
                commands: commands($0) { #"{"token":"hush-token","expiresOn":\#($0)}"# }, clock: clock)
        },
        OwnCredential("command", ["PASSGRES_CREDENTIAL_COMMAND": "/opt/token"]) {
            CommandCredential(
                environment: $1,
                commands: commands($0) { #"{"version":1,"token":"hush-token","expiresOn":\#($0)}"# }, clock: clock)
        },
    ]

    private static let people: [OwnCredential] = [
        OwnCredential("device-code") { situation, _ in
            DeviceCodeCredential(
                keepingSignInIn: store(situation), http: http(situation), clock: clock, prompt: nil)
        },
        OwnCredential("secret-store") {
            SecretStoreCredential(environment: $1, store: store($0), http: http($0), clock: clock)
        },
        OwnCredential("interactive-browser") { situation, _ in
            InteractiveBrowserCredential(
                keepingSignInIn: store(situation), http: http(situation), clock: SystemClock(),
                opener: { _ in false })
        },
    ]
}
