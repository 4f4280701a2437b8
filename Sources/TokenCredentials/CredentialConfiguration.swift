/// Whether a credential has what it needs on this machine, as far as can be told without asking anybody.
@nonexhaustive
public enum CredentialConfiguration: Hashable, Sendable {
    /// It is set up, by the thing named, such as a variable or a program.
    case configured(by: String)
    /// It is not set up; the text says what is missing.
    case notConfigured(String)
    /// Only asking will tell; the text says what would be asked.
    case unknown(String)
}

/// A credential that can say, without calling anybody, whether it is set up here.
public protocol ConfiguredCredential: TokenCredential {
    /// What was found in the environment and on disk. Never holds a secret.
    var configuration: CredentialConfiguration { get }
}
