/// A login, and the password that opens it.
public struct PasswordEntry: Hashable, Sendable {
    /// The databases of the login's server that an entry serves.
    public enum Reach: Hashable, Sendable {
        /// The login's own.
        case database
        /// Every one, where a destination can say that: a password file writes `*`.
        case anyDatabase
    }

    /// What the password is looked up by.
    public let login: Login
    /// The password. Whoever reads this handles a secret.
    public let password: String
    /// The databases it serves.
    public let reach: Reach

    /// Makes an entry; it serves the login's own database unless said otherwise.
    public init(_ login: Login, password: String, reaching reach: Reach = .database) {
        self.login = login
        self.password = password
        self.reach = reach
    }
}

extension PasswordEntry: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The user and the server, without the password.
    public var description: String { "PasswordEntry(\(login.user) at \(login.host):\(login.port))" }

    /// The same as ``description``.
    public var debugDescription: String { description }

    /// What `dump` and a debugger may show: everything but the password.
    public var customMirror: Mirror {
        Mirror(self, children: ["login": login, "reach": reach], displayStyle: .struct)
    }
}
