/// Somewhere a password has to be put so that a client finds it.
public protocol PasswordDestination: Sendable {
    /// Puts the password in place in one step: a reader sees the old one or the new one, never half of either.
    func store(_ password: String, for login: Login) async throws
}
