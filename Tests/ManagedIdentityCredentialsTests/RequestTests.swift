import CredentialHTTP
import CredentialTesting
import FoundationEssentials
import Testing
import TokenCredentials

@testable import ManagedIdentityCredentials

/// One host, one identity, and the request that goes out.
struct RequestCase: Sendable, CustomTestStringConvertible {
    let name: String
    var identity: ManagedIdentity?
    let environment: ProcessEnvironment
    var method = HTTPRequest.Method.get
    let url: String
    let headers: [String: String]
    var body: String?
    var trust = HTTPRequest.Trust.system
    /// A credential that is alone is persistent.
    var patience = ManagedIdentityCredential.Patience.persistent

    var testDescription: String { name }
}

@Suite struct `The request of each host` {
    static let thumbprint = [UInt8](0..<20)
    static let appService: ProcessEnvironment = [
        "IDENTITY_ENDPOINT": "http://127.0.0.1:41056/msi/token", "IDENTITY_HEADER": World.secret,
    ]
    static let older: ProcessEnvironment = [
        "MSI_ENDPOINT": "http://127.0.0.1:46808/msi/token/", "MSI_SECRET": World.secret,
    ]
    static let cloudShell: ProcessEnvironment = ["MSI_ENDPOINT": "http://localhost:50342/oauth2/token"]
    static let fabric: ProcessEnvironment = [
        "IDENTITY_ENDPOINT": "https://localhost:2377/metadata/identity/oauth2/token", "IDENTITY_HEADER": World.secret,
        "IDENTITY_SERVER_THUMBPRINT": "00:01:02:03:04:05:06:07:08:09 0a0b0c0d0e0F10111213",
    ]
    static func adding(_ name: String, _ value: String, to environment: ProcessEnvironment) -> ProcessEnvironment {
        var environment = environment
        environment[name] = value
        return environment
    }

    static let imdsQuery = "?api-version=2018-02-01&resource=\(World.escaped)"
    static let appQuery = "?api-version=2019-08-01&resource=\(World.escaped)"
    static let olderQuery = "?api-version=2017-09-01&resource=\(World.escaped)"
    static let metadata = ["Metadata": "true"]

    static let cases: [RequestCase] = [
        RequestCase(
            name: "IMDS", environment: World.imdsEnvironment, url: World.imds + imdsQuery, headers: metadata),
        RequestCase(
            name: "IMDS, AZURE_CLIENT_ID",
            environment: adding("AZURE_CLIENT_ID", World.client, to: World.imdsEnvironment),
            url: World.imds + imdsQuery + "&client_id=\(World.client)", headers: metadata),
        RequestCase(
            name: "IMDS, AZURE_CLIENT_ID from a file with a line feed",
            environment: adding("AZURE_CLIENT_ID", World.client + "\n", to: World.imdsEnvironment),
            url: World.imds + imdsQuery + "&client_id=\(World.client)", headers: metadata),
        RequestCase(
            name: "IMDS, system in spite of AZURE_CLIENT_ID", identity: .systemAssigned,
            environment: adding("AZURE_CLIENT_ID", World.client, to: World.imdsEnvironment),
            url: World.imds + imdsQuery, headers: metadata),
        RequestCase(
            name: "IMDS, client", identity: .clientID(World.client), environment: World.imdsEnvironment,
            url: World.imds + imdsQuery + "&client_id=\(World.client)", headers: metadata),
        RequestCase(
            name: "IMDS, object", identity: .objectID(World.client), environment: World.imdsEnvironment,
            url: World.imds + imdsQuery + "&object_id=\(World.client)", headers: metadata),
        RequestCase(
            name: "IMDS, resource", identity: .resourceID(World.resourceID.replacing(" (1)", with: "")),
            environment: World.imdsEnvironment,
            url: World.imds + imdsQuery + "&msi_res_id=\(World.escapedResourceID.replacing("%20%281%29", with: ""))",
            headers: metadata),
        RequestCase(
            name: "App Service", environment: appService, url: "http://127.0.0.1:41056/msi/token" + appQuery,
            headers: ["X-IDENTITY-HEADER": World.secret]),
        RequestCase(
            name: "App Service, client", identity: .clientID(World.client), environment: appService,
            url: "http://127.0.0.1:41056/msi/token" + appQuery + "&client_id=\(World.client)",
            headers: ["X-IDENTITY-HEADER": World.secret]),
        RequestCase(
            name: "App Service, object", identity: .objectID(World.client), environment: appService,
            url: "http://127.0.0.1:41056/msi/token" + appQuery + "&object_id=\(World.client)",
            headers: ["X-IDENTITY-HEADER": World.secret]),
        RequestCase(
            name: "App Service, resource", identity: .resourceID("/subscriptions/a/b(1)"), environment: appService,
            url: "http://127.0.0.1:41056/msi/token" + appQuery + "&mi_res_id=%2Fsubscriptions%2Fa%2Fb%281%29",
            headers: ["X-IDENTITY-HEADER": World.secret]),
        RequestCase(
            name: "older App Service", environment: older, url: "http://127.0.0.1:46808/msi/token" + olderQuery,
            headers: ["secret": World.secret]),
        RequestCase(
            name: "older App Service, client", identity: .clientID(World.client), environment: older,
            url: "http://127.0.0.1:46808/msi/token" + olderQuery + "&clientid=\(World.client)",
            headers: ["secret": World.secret]),
        RequestCase(
            name: "Azure ML, default client", environment: adding("DEFAULT_IDENTITY_CLIENT_ID", "d-1", to: older),
            url: "http://127.0.0.1:46808/msi/token" + olderQuery + "&clientid=d-1", headers: ["secret": World.secret]),
        RequestCase(
            name: "Azure ML, client before default client", identity: .clientID(World.client),
            environment: adding("DEFAULT_IDENTITY_CLIENT_ID", "d-1", to: older),
            url: "http://127.0.0.1:46808/msi/token" + olderQuery + "&clientid=\(World.client)",
            headers: ["secret": World.secret]),
        RequestCase(
            name: "Cloud Shell", environment: cloudShell, method: .post, url: "http://localhost:50342/oauth2/token",
            headers: [
                "Metadata": "true", "Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json",
            ], body: "resource=\(World.escaped)"),
        RequestCase(
            name: "Cloud Shell leaves out an AZURE_CLIENT_ID that may be another credential's",
            environment: adding("AZURE_CLIENT_ID", World.client, to: cloudShell), method: .post,
            url: "http://localhost:50342/oauth2/token",
            headers: [
                "Metadata": "true", "Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json",
            ], body: "resource=\(World.escaped)", patience: .probing(.seconds(1))),
        RequestCase(
            name: "Service Fabric", environment: fabric,
            url: "https://localhost:2377/metadata/identity/oauth2/token"
                + "?api-version=2019-07-01-preview&resource=\(World.escaped)",
            headers: ["Secret": World.secret], trust: .pinned(sha1: thumbprint)),
    ]

    @Test(arguments: cases) func `is exactly this`(_ expected: RequestCase) async throws {
        let http = ScriptedTransport(.success(World.reply))
        let credential = World.credential(
            expected.identity, expected.environment, http: http, patience: expected.patience)
        let token = try await credential.token(for: World.request)
        #expect(token.secret == World.token)
        #expect(token.expiresAt == World.start.addingTimeInterval(3600))
        #expect(http.requests.count == 1)
        let request = try #require(http.requests.first)
        #expect(request.method == expected.method)
        #expect(request.url == expected.url)
        #expect(Dictionary(request.headers) { $1 } == expected.headers)
        #expect(request.headers.count == expected.headers.count)
        #expect(request.body.map { String(decoding: $0, as: UTF8.self) } == expected.body)
        #expect(request.proxy == .never)
        #expect(request.trust == expected.trust)
    }

    static let refusals: [(String, ManagedIdentity?, ProcessEnvironment)] = [
        ("older App Service, object", .objectID(World.client), older),
        ("older App Service, resource", .resourceID("/subscriptions/a"), older),
        ("Cloud Shell, client", .clientID(World.client), cloudShell),
        ("Cloud Shell alone, AZURE_CLIENT_ID", nil, adding("AZURE_CLIENT_ID", World.client, to: cloudShell)),
        (
            "Cloud Shell, resource in AZURE_CLIENT_ID", nil,
            adding("AZURE_CLIENT_ID", "/subscriptions/a", to: cloudShell)
        ),
        ("Cloud Shell, own variable", nil, adding("PASSGRES_MANAGED_IDENTITY", World.client, to: cloudShell)),
        ("Service Fabric, client", .clientID(World.client), fabric),
        ("Service Fabric, resource", .resourceID("/subscriptions/a"), fabric),
        ("Service Fabric, AZURE_CLIENT_ID", nil, adding("AZURE_CLIENT_ID", World.client, to: fabric)),
        ("IMDS, braces", .clientID("{\(World.client)}"), World.imdsEnvironment),
        ("IMDS, empty", .objectID(""), World.imdsEnvironment),
        ("IMDS, line break", .clientID("a\r\nb"), World.imdsEnvironment),
        ("App Service, resource by name", .resourceID("my-identity"), appService),
        ("App Service, resource with blank", .resourceID("/subscriptions/a b"), appService),
        ("AZURE_CLIENT_ID with a blank", nil, adding("AZURE_CLIENT_ID", "my app", to: appService)),
    ]

    @Test(arguments: refusals)
    func `is not sent for an identity the host cannot be asked for`(
        _ name: String, _ identity: ManagedIdentity?, _ environment: ProcessEnvironment
    ) async {
        let http = ScriptedTransport()
        let outcome = await World.credential(identity, environment, http: http, patience: .persistent).outcome()
        #expect(outcome.word == "failed")
        #expect(outcome.diagnosis?.kind == .misconfigured)
        #expect(outcome.diagnosis?.remedy != nil)
        #expect(outcome.diagnosis?.problem.contains("\n") == false)
        #expect(http.requests.isEmpty)
    }

    @Test func `is not sent for scopes of several resources`() async {
        let http = ScriptedTransport()
        let outcome = await World.credential(nil, Self.appService, http: http)
            .outcome(for: TokenRequest("a/.default", "b/.default"))
        #expect(outcome.word == "failed")
        #expect(http.requests.isEmpty)
    }

    @Test func `keeps a slash at the end of the resource`() async throws {
        let http = ScriptedTransport(.success(World.reply))
        _ = try await World.credential(nil, Self.appService, http: http).token(
            for: TokenRequest("https://db//.default"))
        #expect(http.requests.first?.url.hasSuffix("&resource=https%3A%2F%2Fdb%2F") == true)
    }
}
