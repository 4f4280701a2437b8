/// What libpq looks a password up by: four texts, compared byte for byte.
public struct Login: Sendable {
    /// The host as the connection names it, or its address if it has no name; `localhost` for the default socket.
    public var host: String
    /// The port as the connection spells it; `5432` if it does not.
    public var port: String
    /// The database; the user's name if the connection names none.
    public var database: String
    /// The database user.
    public var user: String

    /// Names a login.
    public init(host: String, port: String = "5432", database: String, user: String) {
        self.host = host
        self.port = port
        self.database = database
        self.user = user
    }

    var fields: [[UInt8]] { [host, port, database, user].map { Array($0.utf8) } }
}

extension Login: Hashable {
    /// Whether all four are the same bytes; Unicode's idea of equal texts is not libpq's.
    public static func == (left: Login, right: Login) -> Bool { left.fields == right.fields }

    /// Feeds the bytes of all four.
    public func hash(into hasher: inout Hasher) { hasher.combine(fields) }
}
