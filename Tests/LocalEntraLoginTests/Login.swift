import CredentialHTTP
import CredentialTesting
import FoundationEssentials
import LocalEntra
import Testing
import TokenCredentials

/// A local cloud, and what a credential needs to reach it over real sockets and real TLS.
struct Login {
    static let scope = AzureCloud.public.postgresScope
    static let tenant = "7e57ab1e-0000-4000-8000-000000000001"
    static let secret = "s3cr+t~v/al=ue & more"
    static let password = "correct horse % battery"
    static let application = "7e57ab1e-0000-4000-8000-0000000000c1"
    static let applicationObject = "7e57ab1e-0000-4000-8000-0000000000c2"
    static let publicClient = "04b07795-8ddb-461a-bbee-02f9e1bf7b46"
    static let person = LocalUser(
        objectID: "7e57ab1e-0000-4000-8000-0000000000e1", principalName: "ada@contoso.example",
        password: KnownSecret(password))
    static let machine = LocalIdentity.systemAssigned(
        machine: "vm1", clientID: "7e57ab1e-0000-4000-8000-0000000000b5",
        objectID: "7e57ab1e-0000-4000-8000-0000000000b6")
    static let assigned = LocalIdentity.userAssigned(
        named: "orders-api", clientID: "7e57ab1e-0000-4000-8000-0000000000b1",
        objectID: "7e57ab1e-0000-4000-8000-0000000000b2")
    static let issuer = "https://cluster.example/"
    static let subject = "system:serviceaccount:orders:api"

    /// Made once: keys take longer than all the rest of a start.
    private static let signingKey = Result { try LocalCloud.makeSigningKey() }
    static let certified = Result { try CertifiedKey.forClient(named: "orders-batch") }

    let cloud: LocalCloud
    /// One clock for both sides: what one waits for passes for the other too.
    let clock: any WallClock
    /// The waits so far, in seconds.
    var pauses: [Double] { (clock as? HastyClock)?.pauses ?? [] }
    let http: CurlTransport
    let directory: ScratchDirectory

    /// Runs a test with a cloud of its own, and ends the cloud.
    ///
    /// Nothing is waited for, unless a test brings a clock on which waits take their time.
    static func with(
        _ clock: any WallClock = HastyClock(now: .now), _ body: (Login) async throws -> Void
    ) async throws {
        let directory = try ScratchDirectory()
        var configuration = Configuration(
            tenant: LocalTenant(
                id: tenant,
                applications: [
                    LocalApplication(
                        clientID: application, objectID: applicationObject, secrets: [KnownSecret(secret)],
                        certificates: [try certified.get().certificatePEM],
                        federatedCredentials: [LocalFederation(issuer: issuer, subject: subject)]),
                    LocalApplication(
                        clientID: publicClient, objectID: "7e57ab1e-0000-4000-8000-0000000000d2", kind: .publicClient),
                ],
                managedIdentities: [machine, assigned], users: [person]))
        configuration.signingKey = try signingKey.get()
        configuration.arcKeyDirectory = directory.path
        let cloud = try await LocalCloud.start(configuration, clock: clock)
        let authorities = try directory.write(cloud.caPEM, to: "ca.pem")
        let http = CurlTransport(environment: ["SSL_CERT_FILE": authorities])
        let login = Login(cloud: cloud, clock: clock, http: http, directory: directory)
        do {
            try await body(login)
        } catch {
            await http.shutdown()
            try await cloud.shutdown()
            throw error
        }
        await http.shutdown()
        try await cloud.shutdown()
    }

    /// The local cloud as an authority.
    var authority: Authority { get throws(CredentialError) { try Authority(cloud.authority) } }

    /// The variables every application has here, and others beside them.
    func environment(_ more: [String: String]) -> ProcessEnvironment {
        let common = [
            "AZURE_AUTHORITY_HOST": cloud.authority, "AZURE_TENANT_ID": Self.tenant,
            "AZURE_CLIENT_ID": Self.application,
        ]
        return ProcessEnvironment(common.merging(more) { $1 })
    }

    /// The object id of whoever a credential's token is for, once the token has proved good; else what is wrong.
    private func owner(_ credential: any TokenCredential) async -> String {
        do throws(CredentialError) {
            let token = try await credential.token(for: TokenRequest(Self.scope))
            let claims = token.claims
            guard token.expiresAt > clock.now, claims?["tid"] == Self.tenant,
                claims?.date("exp").map({ abs($0.timeIntervalSince(token.expiresAt)) < 60 }) == true
            else { return "a token that contradicts itself" }
            return claims?["oid"] ?? "a token of nobody"
        } catch {
            return "\(error)"
        }
    }

    /// Expects that a credential's token is for the owner of that object id, or else shows what came in its place.
    func expect(
        _ credential: any TokenCredential, _ owner: String, sourceLocation: SourceLocation = #_sourceLocation
    ) async {
        let found = await self.owner(credential)
        #expect(found == owner, sourceLocation: sourceLocation)
    }

    /// How a credential fails; `nil` if it delivers.
    func failure(_ credential: any TokenCredential) async -> CredentialError? {
        do throws(CredentialError) {
            _ = try await credential.token(for: TokenRequest(Self.scope))
            return nil
        } catch {
            return error
        }
    }
}
