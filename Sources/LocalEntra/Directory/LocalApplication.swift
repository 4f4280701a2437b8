/// An application registered in the directory, and all the ways in which it may prove itself.
public struct LocalApplication: Hashable, Sendable {
    /// Whether the application can keep a secret.
    public enum Kind: String, Hashable, Sendable, Decodable {
        /// It runs where only its owner looks, and proves itself in every request.
        case confidential
        /// It runs at its users' hands and has no credential of its own.
        case publicClient
    }

    /// The application's (client) id, a GUID.
    public var clientID: String
    /// The object id of its service principal, a GUID.
    public var objectID: String
    /// What people call it.
    public var name: String
    /// Whether it can keep a secret.
    public var kind: Kind
    /// The client secrets that are valid.
    public var secrets: [KnownSecret]
    /// The certificates registered for signed assertions, as PEM text.
    public var certificates: [String]
    /// Whose tokens are accepted in place of a credential.
    public var federatedCredentials: [LocalFederation]
    /// The object ids of the groups it is a member of.
    public var groups: [String]
    /// Where an authorization code may be sent.
    ///
    /// The port of a loopback address is not compared.
    public var redirectURIs: [String]

    /// Registers an application.
    public init(
        clientID: String, objectID: String, name: String = "local-app", kind: Kind = .confidential,
        secrets: [KnownSecret] = [], certificates: [String] = [], federatedCredentials: [LocalFederation] = [],
        groups: [String] = [], redirectURIs: [String] = ["http://localhost"]
    ) {
        self.clientID = clientID
        self.objectID = objectID
        self.name = name
        self.kind = kind
        self.secrets = secrets
        self.certificates = certificates
        self.federatedCredentials = federatedCredentials
        self.groups = groups
        self.redirectURIs = redirectURIs
    }
}

extension LocalApplication: Decodable {
    private enum Key: String, CodingKey {
        case clientID, objectID, name, kind, secrets, certificates, federatedCredentials, groups, redirectURIs
    }

    /// Reads one of a configuration file's `applications`; only `clientID` and `objectID` must be there.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        self.init(
            clientID: try container.decode(String.self, forKey: .clientID),
            objectID: try container.decode(String.self, forKey: .objectID))
        name = try container.decodeIfPresent(String.self, forKey: .name) ?? name
        kind = try container.decodeIfPresent(Kind.self, forKey: .kind) ?? kind
        secrets = try container.decodeIfPresent([KnownSecret].self, forKey: .secrets) ?? []
        certificates = try container.decodeIfPresent([String].self, forKey: .certificates) ?? []
        federatedCredentials =
            try container.decodeIfPresent([LocalFederation].self, forKey: .federatedCredentials) ?? []
        groups = try container.decodeIfPresent([String].self, forKey: .groups) ?? []
        redirectURIs = try container.decodeIfPresent([String].self, forKey: .redirectURIs) ?? redirectURIs
    }
}
