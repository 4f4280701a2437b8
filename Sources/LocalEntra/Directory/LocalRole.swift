/// A database role and the principal it belongs to: what `pgaadauth_create_principal_with_oid` records on Azure.
public struct LocalRole: Hashable, Sendable, Decodable {
    /// What kind of principal a role belongs to.
    public enum Kind: String, Hashable, Sendable, Decodable {
        /// A person; the token's `oid` must be the object id.
        case user
        /// An application or managed identity; the token's `oid` must be the object id.
        case service
        /// A group; the object id must be among the token's `groups`.
        case group
    }

    /// The role's name in the database, compared character for character.
    public var name: String
    /// What kind of principal it belongs to.
    public var kind: Kind
    /// The principal's object id, a GUID, compared without case.
    public var objectID: String

    /// Gives a role to a principal.
    public init(_ name: String, _ kind: Kind, objectID: String) {
        self.name = name
        self.kind = kind
        self.objectID = objectID
    }
}
