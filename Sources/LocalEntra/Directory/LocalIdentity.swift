/// A managed identity: a service principal whose tokens the machine hands out without a secret.
public struct LocalIdentity: Hashable, Sendable {
    /// How an identity and a machine belong together.
    public enum Kind: String, Hashable, Sendable, Decodable {
        /// The machine's own identity, of which there is at most one.
        case systemAssigned
        /// An identity of its own that was given to the machine.
        case userAssigned
    }

    /// How it belongs to the machine.
    public var kind: Kind
    /// The client id, a GUID.
    public var clientID: String
    /// The object id of the service principal, a GUID.
    public var objectID: String
    /// The path of the resource in Azure, which is what the `xms_mirid` claim says.
    public var resourceID: String
    /// The object ids of the groups it is a member of.
    public var groups: [String]

    /// Makes an identity.
    public init(_ kind: Kind, clientID: String, objectID: String, resourceID: String, groups: [String] = []) {
        self.kind = kind
        self.clientID = clientID
        self.objectID = objectID
        self.resourceID = resourceID
        self.groups = groups
    }

    /// Makes a user-assigned identity of that name in a subscription and resource group made up for it.
    public static func userAssigned(
        named name: String, clientID: String, objectID: String, groups: [String] = []
    ) -> LocalIdentity {
        LocalIdentity(
            .userAssigned, clientID: clientID, objectID: objectID,
            resourceID: inventedGroup + "Microsoft.ManagedIdentity/userAssignedIdentities/" + name, groups: groups)
    }

    /// Makes the identity of a virtual machine of that name in a subscription and resource group made up for it.
    public static func systemAssigned(
        machine name: String, clientID: String, objectID: String, groups: [String] = []
    ) -> LocalIdentity {
        LocalIdentity(
            .systemAssigned, clientID: clientID, objectID: objectID,
            resourceID: inventedGroup + "Microsoft.Compute/virtualMachines/" + name, groups: groups)
    }

    private static let inventedGroup =
        "/subscriptions/7e57ab1e-0000-4000-8000-0000000000ff/resourcegroups/local/providers/"
}

extension LocalIdentity: Decodable {
    private enum Key: String, CodingKey { case kind, clientID, objectID, resourceID, groups }

    /// Reads one of a configuration file's `managedIdentities`; only `groups` may be absent.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        self.init(
            try container.decode(Kind.self, forKey: .kind),
            clientID: try container.decode(String.self, forKey: .clientID),
            objectID: try container.decode(String.self, forKey: .objectID),
            resourceID: try container.decode(String.self, forKey: .resourceID),
            groups: try container.decodeIfPresent([String].self, forKey: .groups) ?? [])
    }
}
