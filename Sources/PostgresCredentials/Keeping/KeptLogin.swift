import TokenCredentials

/// A login, or the logins of a connection, whose password is to be kept fresh.
public struct KeptLogin: Hashable, Sendable {
    private enum Form: Hashable {
        case logins([Login], PasswordEntry.Reach)
        /// The user is not known before there is a token.
        case unnamed(ConnectionInfo, PasswordEntry.Reach)
    }

    private let form: Form

    /// Keeps one login; its entry serves the login's own database unless said otherwise.
    public init(_ login: Login, reaching reach: PasswordEntry.Reach = .database) {
        form = .logins([login], reach)
    }

    /// Keeps the logins of a connection that is resolved (see ``ConnectionInfo/resolved(in:files:)``).
    ///
    /// A connection that names no database is kept for every one, and one that names no user has the user that the
    /// token names (see ``RoleName``). Throws ``ConnectionInfoError`` where hosts and ports do not fit together,
    /// and for a port that is no number.
    public init(_ connection: ConnectionInfo) throws(ConnectionInfoError) {
        _ = try connection.reachableServers()
        let reach: PasswordEntry.Reach = connection.isSaid("dbname") ? .database : .anyDatabase
        form = connection.isUserSaid ? .logins(connection.logins, reach) : .unnamed(connection, reach)
    }

    /// How many entries it makes.
    var count: Int {
        switch form {
        case .logins(let logins, _): logins.count
        case .unnamed(let connection, _): (try? connection.servers().count) ?? 0
        }
    }

    /// The entries for a token. Throws ``RoleNameError`` where neither connection nor token names a user.
    func entries(for token: AccessToken) throws(RoleNameError) -> [PasswordEntry] {
        switch form {
        case .logins(let logins, let reach):
            return logins.map { PasswordEntry($0, password: token.secret, reaching: reach) }
        case .unnamed(var connection, let reach):
            connection.user = try connection.role(for: token).name
            if !connection.isSaid("dbname") { connection.database = nil }
            connection.fillInDatabase()
            return connection.logins.map { PasswordEntry($0, password: token.secret, reaching: reach) }
        }
    }
}
