import CredentialTesting
import FoundationEssentials
import LocalEntra
import TokenCredentials

/// The directory that most tests use.
enum Sample {
    static let scope = "https://ossrdbms-aad.database.windows.net/.default"
    static let resource = "https://ossrdbms-aad.database.windows.net"
    static let group = "7e57ab1e-0000-4000-8000-0000000000a1"
    static let secret = "s3cr+t~v/al=ue & more"
    static let password = "correct horse % battery"

    static let application = LocalApplication(
        clientID: "7e57ab1e-0000-4000-8000-0000000000c1", objectID: "7e57ab1e-0000-4000-8000-0000000000c2",
        name: "batch", secrets: [KnownSecret("older"), KnownSecret(secret)],
        federatedCredentials: [LocalFederation(issuer: "https://cluster.example/", subject: "system:sa:ns:app")])
    static let publicClient = LocalApplication(
        clientID: "04b07795-8ddb-461a-bbee-02f9e1bf7b46", objectID: "7e57ab1e-0000-4000-8000-0000000000d2",
        kind: .publicClient)
    static let userAssigned = LocalIdentity.userAssigned(
        named: "orders-api", clientID: "7e57ab1e-0000-4000-8000-0000000000b1",
        objectID: "7e57ab1e-0000-4000-8000-0000000000b2", groups: [group])
    static let secondAssigned = LocalIdentity.userAssigned(
        named: "second", clientID: "7e57ab1e-0000-4000-8000-0000000000b3",
        objectID: "7e57ab1e-0000-4000-8000-0000000000b4")
    static let systemAssigned = LocalIdentity.systemAssigned(
        machine: "vm1", clientID: "7e57ab1e-0000-4000-8000-0000000000b5",
        objectID: "7e57ab1e-0000-4000-8000-0000000000b6")
    static let user = LocalUser(
        objectID: "7e57ab1e-0000-4000-8000-0000000000e1", principalName: "ada@contoso.example", name: "Ada",
        password: KnownSecret(password), groups: [group])
    static let other = LocalUser(
        objectID: "7e57ab1e-0000-4000-8000-0000000000e2", principalName: "bob@contoso.example", password: "hunter2")

    static let tenant = LocalTenant(
        applications: [application, publicClient], managedIdentities: [userAssigned], users: [user, other],
        roles: [
            LocalRole("orders-api", .service, objectID: userAssigned.objectID.uppercased()),
            LocalRole("ada@contoso.example", .user, objectID: user.objectID),
            LocalRole("Order Readers", .group, objectID: group),
            LocalRole("wrong kind", .user, objectID: userAssigned.objectID),
        ])

    /// One key for all clouds: making it is by far the longest part of a start.
    private static let signingKey = try? LocalCloud.makeSigningKey()

    /// Runs a test against a cloud of its own, whose clock stands still, and ends it.
    static func withCloud(
        _ configuration: Configuration = Configuration(tenant: tenant),
        _ body: (LocalCloud, LoopbackClient, ManualClock) async throws -> Void
    ) async throws {
        let clock = ManualClock()
        var configuration = configuration
        configuration.signingKey = configuration.signingKey ?? signingKey
        let cloud = try await LocalCloud.start(configuration, clock: clock)
        do {
            try await body(cloud, LoopbackClient(trusting: cloud.caPEM), clock)
        } catch {
            try await cloud.shutdown()
            throw error
        }
        try await cloud.shutdown()
    }
}

extension LocalCloud {
    /// The address of the token endpoint.
    var tokenAddress: String { "\(authority)/\(tenant.id)/oauth2/v2.0/token" }
}

/// The claims of a token, unchecked.
func claims(_ token: String?) -> TokenClaims? { token.flatMap(TokenClaims.init) }
