import NIOCore
import NIOPosix
public import TokenCredentials

/// A stand-in for Microsoft Entra on the loopback address: token endpoint, metadata service and password check.
///
/// It listens on ports that the system chooses, trusts nothing but what its configuration says, and reaches nothing
/// outside. Its certificate authority and keys are made at start and live in memory only.
///
/// ```swift
/// let cloud = try await LocalCloud.start(Configuration(tenant: tenant))
/// // … point the code under test at cloud.authority, cloud.metadataAddress and cloud.caPEM …
/// try await cloud.shutdown()
/// ```
public final class LocalCloud: Sendable {
    /// The directory.
    public let tenant: LocalTenant
    /// The authority's address, as `https://localhost:PORT`.
    public let authority: String
    /// The metadata service's address, as `http://127.0.0.1:PORT`; what `AZURE_POD_IDENTITY_AUTHORITY_HOST` takes.
    public let metadataAddress: String
    /// The port of the LDAP responder.
    public let ldapPort: Int
    /// The port of a front that logs in as Azure's PostgreSQL does, with its words for every refusal, and runs no query.
    ///
    /// Its certificate is for `localhost`, `127.0.0.1` and `srv.postgres.database.azure.com`.
    public let databasePort: Int
    /// The certificate of the authority that signed the server's, as PEM text: what clients must trust.
    public var caPEM: String { desk.authority.pem }

    let desk: TestDesk
    let servedHosts: Set<Endpoint>
    let hostKey: KnownSecret
    let serviceFabricAddress: String
    let serviceFabricThumbprint: String
    private let group: MultiThreadedEventLoopGroup

    /// Starts a local cloud.
    ///
    /// Throws ``LocalCloudError`` if the configuration cannot be used, and the system's error if a port is taken.
    public static func start(
        _ configuration: Configuration = Configuration(), clock: any WallClock = SystemClock()
    ) async throws -> LocalCloud {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 2)
        do {
            return try await LocalCloud(configuration, clock, group)
        } catch {
            try? await group.shutdownGracefully()
            throw error
        }
    }

    private init(
        _ configuration: Configuration, _ clock: any WallClock, _ group: MultiThreadedEventLoopGroup
    ) async throws {
        self.group = group
        tenant = configuration.tenant
        let certificateAuthority = try CertificateAuthority()
        let frontage = Frontage(clock: clock)
        let issuer = try TokenIssuer(
            tenantID: tenant.id, key: configuration.signingKey, lifetime: configuration.tokenLifetime,
            length: configuration.tokenLength, clock: clock)
        let tokens = TokenEndpoint(
            tenant: tenant, issuer: issuer, ledger: GrantLedger(), keys: try RegisteredKeys(tenant),
            resources: configuration.resources, clock: clock)
        let identities = IdentitySource(
            identities: tenant.managedIdentities, issuer: issuer, resources: configuration.resources)
        let desk = TestDesk(
            frontage: frontage, tokens: tokens, identities: identities, authority: certificateAuthority)
        self.desk = desk

        let authoritySite = AuthoritySite(
            frontage: frontage, tokens: tokens,
            devices: DeviceCodeEndpoint(
                tokens: tokens, lifetime: configuration.deviceCodeLifetime, interval: configuration.deviceCodeInterval),
            pages: AuthorizeEndpoint(
                tokens: tokens,
                usualAnswer: tenant.users.first.map { .approve(principalName: $0.principalName) } ?? .decline))
        let identity = try certificateAuthority.serverIdentity(for: ["localhost", "127.0.0.1"])
        let secure = try await HTTPListener(
            on: group, port: configuration.authorityPort, identity: identity, answer: authoritySite.answer)
        authority = "https://localhost:\(secure.port)"

        servedHosts = configuration.managedIdentityHosts.filter {
            $0 != .arc || configuration.arcKeyDirectory != nil
        }
        hostKey = KnownSecret(randomText(43))
        let metadataSite = MetadataSite(
            frontage: frontage, control: configuration.controlKey.map { ControlEndpoint(key: $0, desk: desk) },
            source: identities, key: hostKey, user: tenant.users.first,
            arcKeyDirectory: configuration.arcKeyDirectory, served: servedHosts)
        let plain = try await HTTPListener(
            on: group, port: configuration.metadataPort, answer: metadataSite.answer)
        metadataAddress = "http://127.0.0.1:\(plain.port)"

        if servedHosts.contains(.serviceFabric) {
            let (fabricIdentity, thumbprint) = try CertifiedKey.selfSigned()
            let endpoint = ServiceFabricEndpoint(source: identities, key: hostKey)
            let fabric = try await HTTPListener(on: group, port: 0, identity: fabricIdentity) { exchange in
                guard exchange.path == ServiceFabricEndpoint.path else {
                    return frontage.answer(exchange, at: .unknown) { .notFound }
                }
                return frontage.answer(exchange, at: .serviceFabric) { endpoint.answer(exchange) }
            }
            serviceFabricAddress = "https://localhost:\(fabric.port)\(ServiceFabricEndpoint.path)"
            serviceFabricThumbprint = thumbprint
        } else {
            serviceFabricAddress = ""
            serviceFabricThumbprint = ""
        }

        let logins = RoleLogin(
            tenant: tenant, key: issuer.key, audiences: configuration.databaseAudiences, clock: clock)
        ldapPort = try await LDAPListener(on: group, port: configuration.ldapPort, logins: logins).port
        let databaseIdentity = try certificateAuthority.serverIdentity(for: DatabaseListener.names)
        databasePort = try await DatabaseListener(
            on: group, port: configuration.databasePort, identity: databaseIdentity, logins: logins
        ).port
    }

    /// Closes every connection and listener and ends the threads.
    ///
    /// Nothing is served afterwards.
    public func shutdown() async throws {
        try await group.shutdownGracefully()
    }
}
