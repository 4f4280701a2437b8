/// A person in the directory.
public struct LocalUser: Hashable, Sendable {
    /// The user's object id, a GUID.
    public var objectID: String
    /// The user principal name, as in `ada@contoso.example`.
    public var principalName: String
    /// The name people see.
    public var name: String
    /// The password.
    public var password: KnownSecret
    /// The object ids of the groups the user is a member of.
    public var groups: [String]

    /// Makes a user.
    public init(
        objectID: String, principalName: String, name: String = "Local User", password: KnownSecret,
        groups: [String] = []
    ) {
        self.objectID = objectID
        self.principalName = principalName
        self.name = name
        self.password = password
        self.groups = groups
    }
}

extension LocalUser: Decodable {
    private enum Key: String, CodingKey { case objectID, principalName, name, password, groups }

    /// Reads one of a configuration file's `users`; `name` and `groups` may be absent.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        self.init(
            objectID: try container.decode(String.self, forKey: .objectID),
            principalName: try container.decode(String.self, forKey: .principalName),
            password: try container.decode(KnownSecret.self, forKey: .password),
            groups: try container.decodeIfPresent([String].self, forKey: .groups) ?? [])
        name = try container.decodeIfPresent(String.self, forKey: .name) ?? name
    }
}
