/// What a local cloud consists of.
///
/// Everything has a default, so that a test says only what it is about.
public struct Configuration: Sendable {
    /// The one directory.
    public var tenant = LocalTenant()
    /// How long access tokens live.
    public var tokenLifetime = Duration.seconds(3600)
    /// The least number of characters of an access token; real ones have about 1,600 to 2,200.
    public var tokenLength = 1_800
    /// The RSA key that signs tokens, as PEM text; `nil` makes one at each start, which takes about a tenth of a second.
    ///
    /// Tests that start many clouds may share one of ``LocalCloud/makeSigningKey()``.
    public var signingKey: KnownSecret?
    /// The resources that tokens are given for.
    public var resources = [
        "https://ossrdbms-aad.database.windows.net", "https://ossrdbms-aad.database.usgovcloudapi.net",
        "https://ossrdbms-aad.database.chinacloudapi.cn", "https://management.azure.com",
        "https://management.core.windows.net", "https://vault.azure.net",
    ]
    /// The audiences that open the database.
    public var databaseAudiences = [
        "https://ossrdbms-aad.database.windows.net", "https://ossrdbms-aad.database.usgovcloudapi.net",
        "https://ossrdbms-aad.database.chinacloudapi.cn", "123cd850-d9df-40bd-94d5-c9f07b7fa203",
    ]
    /// How long a person has to enter a device code.
    public var deviceCodeLifetime = Duration.seconds(900)
    /// How long a client is told to wait between polls.
    public var deviceCodeInterval = Duration.seconds(5)
    /// The port of the authority; 0 lets the system choose.
    public var authorityPort = 0
    /// The port of the metadata endpoints; 0 lets the system choose.
    public var metadataPort = 0
    /// The port of the LDAP responder; 0 lets the system choose.
    public var ldapPort = 0
    /// The hosts whose managed identity endpoints are served.
    public var managedIdentityHosts: Set<Endpoint> = [
        .imds, .appService, .machineLearning, .cloudShell, .arc, .serviceFabric,
    ]
    /// Where the Arc endpoint writes its key files; `nil` leaves that endpoint out.
    ///
    /// Clients accept keys only from the agent's own directory, unless they are told another.
    public var arcKeyDirectory: String?
    /// The port of the database's front; 0 lets the system choose.
    public var databasePort = 0
    /// What opens the control interface; `nil` for none.
    public var controlKey: KnownSecret?

    /// Makes a configuration with an empty directory.
    public init() {}

    /// Makes a configuration with this directory.
    public init(tenant: LocalTenant) {
        self.tenant = tenant
    }
}

extension Configuration: Decodable {
    private enum Key: String, CodingKey {
        case tenant, tokenLifetime, tokenLength, signingKey, resources, databaseAudiences, deviceCodeLifetime,
            deviceCodeInterval
        case authorityPort, metadataPort, ldapPort, databasePort, managedIdentityHosts, arcKeyDirectory
    }

    /// Reads a configuration file.
    ///
    /// Times are whole seconds; what is absent stays as it is by default.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        func seconds(_ key: Key, or standard: Duration) throws -> Duration {
            try container.decodeIfPresent(Int64.self, forKey: key).map(Duration.seconds) ?? standard
        }
        self.init()
        tenant = try container.decodeIfPresent(LocalTenant.self, forKey: .tenant) ?? tenant
        tokenLifetime = try seconds(.tokenLifetime, or: tokenLifetime)
        tokenLength = try container.decodeIfPresent(Int.self, forKey: .tokenLength) ?? tokenLength
        signingKey = try container.decodeIfPresent(KnownSecret.self, forKey: .signingKey)
        resources = try container.decodeIfPresent([String].self, forKey: .resources) ?? resources
        databaseAudiences =
            try container.decodeIfPresent([String].self, forKey: .databaseAudiences) ?? databaseAudiences
        deviceCodeLifetime = try seconds(.deviceCodeLifetime, or: deviceCodeLifetime)
        deviceCodeInterval = try seconds(.deviceCodeInterval, or: deviceCodeInterval)
        authorityPort = try container.decodeIfPresent(Int.self, forKey: .authorityPort) ?? 0
        metadataPort = try container.decodeIfPresent(Int.self, forKey: .metadataPort) ?? 0
        ldapPort = try container.decodeIfPresent(Int.self, forKey: .ldapPort) ?? 0
        managedIdentityHosts =
            try container.decodeIfPresent(Set<Endpoint>.self, forKey: .managedIdentityHosts) ?? managedIdentityHosts
        arcKeyDirectory = try container.decodeIfPresent(String.self, forKey: .arcKeyDirectory)
        databasePort = try container.decodeIfPresent(Int.self, forKey: .databasePort) ?? 0
    }
}
