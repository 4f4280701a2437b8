/// Somewhere a password has to be put so that a client finds it.
public protocol PasswordDestination: Sendable {
    /// Puts the password in place in one step: a reader sees the old one or the new one, never half of either.
    func store(_ password: String, for login: Login) async throws
}

/// A destination that holds many passwords and takes them in one step.
public protocol PasswordSetDestination: PasswordDestination {
    /// What it is, in one lower-case word with hyphens, such as `"password-file"`.
    var kind: String { get }
    /// Where it is, for reports; never a secret.
    var path: String { get }

    /// Puts all entries in place in one step, or none.
    func store(_ entries: [PasswordEntry]) async throws

    /// Whether a reader would find exactly these passwords now; somebody else may have changed what was stored.
    func holds(_ entries: [PasswordEntry]) async -> Bool
}

extension PasswordSetDestination {
    /// Puts one password in place.
    public func store(_ password: String, for login: Login) async throws {
        try await store([PasswordEntry(login, password: password)])
    }
}
