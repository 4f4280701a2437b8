/// A role that logs in by token, and what it may do.
public struct RoleDefinition: Hashable, Sendable {
    /// The kind of principal behind a role, in the server's words.
    public enum PrincipalKind: String, CaseIterable, Sendable {
        /// A person.
        case user
        /// A group, as whose members log in.
        case group
        /// An application or a managed identity.
        case service
    }

    /// A principal of the directory.
    public struct Principal: Hashable, Sendable {
        /// Its kind.
        public var kind: PrincipalKind
        /// Its object id; on Single Server the client id of a service. For an application, the object id is that of its
        /// service principal (enterprise application), not of its registration.
        public var objectID: String

        /// Names a principal.
        public init(_ kind: PrincipalKind, objectID: String) {
            self.kind = kind
            self.objectID = objectID
        }
    }

    /// What a role may do.
    public enum Rights: Hashable, Sendable {
        /// Read tables.
        case readOnly
        /// Read and write tables.
        case readWrite
        /// All, as an administrator of the server.
        case administrator
    }

    /// The role's name; case and blanks count.
    public var name: String
    /// The principal; `nil` lets the server look the name up in the directory.
    public var principal: Principal?
    /// What the role may do.
    public var rights: Rights
    /// Whether its tokens must come from a sign-in with a second factor.
    public var demandsMultifactor: Bool
    /// The database whose tables it may use; `nil` grants nothing.
    public var database: String?
    /// The schemas whose tables it may use; none stands for `public`.
    public var schemas: [String]

    /// Defines a role.
    public init(
        _ name: String, principal: Principal? = nil, rights: Rights = .readWrite, database: String? = nil,
        schemas: [String] = []
    ) {
        self.name = name
        self.principal = principal
        self.rights = rights
        self.demandsMultifactor = false
        self.database = database
        self.schemas = schemas
    }

    func check() throws(RoleScriptError) {
        try Self.check(name, "role")
        if let database { try Self.check(database, "database") }
        for schema in schemas { try Self.check(schema, "schema") }
        if let id = principal?.objectID, !Self.isGUID(id) {
            throw RoleScriptError("the object id is no GUID, as in 00000000-0000-0000-0000-000000000000")
        }
    }

    /// A line end would end psql's `\connect`, and no role of a directory has one.
    static func check(_ name: String, _ what: String) throws(RoleScriptError) {
        if name.isEmpty { throw RoleScriptError("the name of the \(what) is empty") }
        // In quotes, too, GRANT takes one for everybody.
        if what == "role", name == "public" || name == "none" {
            throw RoleScriptError("no role can have the name \(name), which SQL keeps to itself")
        }
        if name.utf8.contains(where: { $0 == 0 || $0 == 10 || $0 == 13 }) {
            throw RoleScriptError("the name of the \(what) holds a zero byte or a line end")
        }
    }

    private static func isGUID(_ text: String) -> Bool {
        text.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false).map(\.count) == [
            8, 4, 4, 4, 12,
        ]
            && text.utf8.allSatisfy { "0123456789abcdefABCDEF-".utf8.contains($0) }
    }
}

/// Why no script was made for a role.
public struct RoleScriptError: Error, Hashable, Sendable, CustomStringConvertible {
    /// One sentence.
    public let description: String

    init(_ description: String) {
        self.description = description
    }
}
