/// A directory: who exists, how each proves who he is, and which database role belongs to whom.
public struct LocalTenant: Hashable, Sendable {
    /// The tenant's id, a GUID.
    public var id: String
    /// Other names by which requests may call the tenant, as in `contoso.example`.
    public var domains: [String]
    /// The applications registered here.
    public var applications: [LocalApplication]
    /// The managed identities that the metadata endpoints hand out.
    public var managedIdentities: [LocalIdentity]
    /// The people.
    public var users: [LocalUser]
    /// The database roles and the principals they belong to.
    public var roles: [LocalRole]

    /// Makes a directory; without an argument it is empty.
    public init(
        id: String = "7e57ab1e-0000-4000-8000-000000000001", domains: [String] = ["contoso.example"],
        applications: [LocalApplication] = [], managedIdentities: [LocalIdentity] = [], users: [LocalUser] = [],
        roles: [LocalRole] = []
    ) {
        self.id = id
        self.domains = domains
        self.applications = applications
        self.managedIdentities = managedIdentities
        self.users = users
        self.roles = roles
    }

    /// Whether requests that name the tenant so mean this one.
    func answers(to name: String) -> Bool {
        let name = name.lowercased()
        return name == id.lowercased() || domains.contains { $0.lowercased() == name }
    }

    /// The application with that client id, compared without case.
    func application(_ clientID: String) -> LocalApplication? {
        let clientID = clientID.lowercased()
        return applications.first { $0.clientID.lowercased() == clientID }
    }

    /// The user of that principal name, compared without case.
    func user(_ principalName: String) -> LocalUser? {
        let principalName = principalName.lowercased()
        return users.first { $0.principalName.lowercased() == principalName }
    }
}

extension LocalTenant: Decodable {
    private enum Key: String, CodingKey { case id, domains, applications, managedIdentities, users, roles }

    /// Reads a configuration file's `tenant`; what is absent there stays as ``init(id:domains:applications:managedIdentities:users:roles:)`` has it.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        self.init()
        id = try container.decodeIfPresent(String.self, forKey: .id) ?? id
        domains = try container.decodeIfPresent([String].self, forKey: .domains) ?? domains
        applications = try container.decodeIfPresent([LocalApplication].self, forKey: .applications) ?? []
        managedIdentities = try container.decodeIfPresent([LocalIdentity].self, forKey: .managedIdentities) ?? []
        users = try container.decodeIfPresent([LocalUser].self, forKey: .users) ?? []
        roles = try container.decodeIfPresent([LocalRole].self, forKey: .roles) ?? []
    }
}
