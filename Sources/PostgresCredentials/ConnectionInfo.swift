/// The parameters of a connection, as libpq reads and writes them.
///
/// Printing or dumping one never shows a secret. Two are equal if they say the same, byte for byte, wherever they
/// learned it.
public struct ConnectionInfo: Sendable {
    /// Where a value came from.
    ///
    /// An earlier case beats a later one.
    public enum Origin: Hashable, Sendable {
        /// A connection string, or an assignment.
        case explicit
        /// A section of a connection service file.
        case service
        /// A `PG…` variable.
        case environment
        /// What libpq takes where nothing is said.
        case builtIn
    }

    struct Value: Sendable {
        var text: String
        var origin: Origin
        /// What in a URI moved this value here, though it was hardly meant to.
        var stray: StrayMark?
    }

    var values: [String: Value] = [:]
    /// What the server is, which decides how a user that nobody named is written; see ``role(for:)``.
    public var serverKind = RoleScript.Server.flexible
    /// Whether service file and variables have been looked at.
    public internal(set) var isResolved = false

    /// Makes parameters that say nothing.
    public init() {}

    /// Reads a keyword/value string, or a URI that begins with `postgresql://` or `postgres://`.
    ///
    /// Takes and refuses what libpq 15 to 17 do (18 also refuses raw blanks in a URI), with two exceptions: a zero
    /// byte, at which libpq stops reading, is refused, and so is a value that percent-decodes to something other than
    /// UTF-8. Values are not judged: `port=abc` can be read, and fails when it is used.
    public init(_ text: String) throws(ConnectionInfoError) {
        try self.init(bytes: Array(text.utf8))
    }

    init(bytes: [UInt8]) throws(ConnectionInfoError) {
        if let offset = bytes.firstIndex(of: 0) { throw ConnectionInfoError(.nul, offset: offset) }
        if let length = URIReader.prefixLength(of: bytes) {
            var reader = URIReader(bytes, from: length)
            self = try reader.read()
        } else {
            var reader = KeywordValueReader(bytes)
            self = try reader.read()
        }
    }

    /// The value of a keyword; `nil` if nothing was said, which differs from an empty value.
    ///
    /// Assigning `nil` unsays it.
    ///
    /// Assigning to a name that is no keyword of libpq, or a value with a zero byte, changes nothing; for names and
    /// values from outside use ``set(_:for:)``, which throws.
    public subscript(_ keyword: String) -> String? {
        get { values[keyword]?.text }
        set { try? set(newValue, for: keyword) }
    }

    /// Sets the value of a keyword, or unsets it.
    ///
    /// Throws for a name that is no keyword and for a zero byte in the value.
    public mutating func set(_ value: String?, for keyword: String) throws(ConnectionInfoError) {
        try set(value, for: keyword, origin: .explicit)
    }

    mutating func set(_ value: String?, for keyword: String, origin: Origin) throws(ConnectionInfoError) {
        guard ConnectionKeyword.named(keyword) != nil else { throw .unknownKeyword(keyword) }
        guard let value else {
            values[keyword] = nil
            return
        }
        guard !value.utf8.contains(0) else { throw ConnectionInfoError(.nul, keyword: keyword) }
        values[keyword] = Value(text: value, origin: origin)
    }

    /// Where the value of a keyword came from; `nil` if it has none.
    public func origin(of keyword: String) -> Origin? { values[keyword]?.origin }

    /// The keywords that have a value, in the order in which they are written.
    public var keywords: [String] { ConnectionKeyword.all.map(\.name).filter { values[$0] != nil } }

    /// Whether somebody named the user, in the string, the service file or a variable.
    public var isUserSaid: Bool { isSaid("user") }

    /// Whether somebody said the value: the text, a variable or a service file.
    package func isSaid(_ keyword: String) -> Bool {
        guard let value = values[keyword] else { return false }
        return value.origin != .builtIn && !value.text.isEmpty
    }

    /// The same without the settings whose values are secrets, the password among them.
    package var withoutSecrets: ConnectionInfo {
        var copy = self
        for keyword in ConnectionKeyword.all where keyword.isSecret { copy.values[keyword.name] = nil }
        return copy
    }

    /// The same without the password.
    public var withoutPassword: ConnectionInfo {
        var copy = self
        copy.values["password"] = nil
        return copy
    }
}

extension ConnectionInfo {
    /// The host or hosts, as one text with commas; a text that begins with `/` is the directory of a socket.
    public var host: String? {
        get { self["host"] }
        set { self["host"] = newValue }
    }

    /// The port or ports, as one text with commas.
    public var port: String? {
        get { self["port"] }
        set { self["port"] = newValue }
    }

    /// The name of the database (`dbname`).
    public var database: String? {
        get { self["dbname"] }
        set { self["dbname"] = newValue }
    }

    /// The name of the database user.
    public var user: String? {
        get { self["user"] }
        set { self["user"] = newValue }
    }

    /// The password.
    ///
    /// Whoever reads this handles a secret.
    public var password: String? {
        get { self["password"] }
        set { self["password"] = newValue }
    }

    /// How far TLS is demanded, in libpq's word; see ``SSLMode``.
    public var sslmode: String? {
        get { self["sslmode"] }
        set { self["sslmode"] = newValue }
    }

    /// The password file.
    public var passfile: String? {
        get { self["passfile"] }
        set { self["passfile"] = newValue }
    }
}

extension ConnectionInfo: Hashable {
    /// Whether both say the same.
    ///
    /// Texts are compared byte for byte, as servers do.
    public static func == (left: ConnectionInfo, right: ConnectionInfo) -> Bool {
        left.serverKind == right.serverKind && left.values.count == right.values.count
            && left.values.allSatisfy { keyword, value in
                right.values[keyword].map { $0.text.utf8.elementsEqual(value.text.utf8) } ?? false
            }
    }

    /// Feeds the keywords that have a value, which is enough to tell most apart.
    public func hash(into hasher: inout Hasher) {
        for keyword in keywords {
            hasher.combine(keyword)
            hasher.combine(Array((self[keyword] ?? "").utf8))
        }
    }
}
