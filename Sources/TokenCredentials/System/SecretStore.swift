/// What a secret is stored under. None of it is secret: stores keep these texts readable.
public struct SecretKey: Hashable, Sendable {
    /// What kind of secret it is, such as `"sign-in"`.
    public let kind: String
    /// Which one of its kind, such as a profile's name.
    public let profile: String

    /// Names a secret.
    public init(kind: String, profile: String) {
        self.kind = kind
        self.profile = profile
    }
}

/// Why a secret store did not serve.
@nonexhaustive
public enum SecretStoreError: Error, Hashable, Sendable {
    /// There is no store here; the text says what was looked for.
    case absent(String)
    /// The store is there and locked, and nobody is there to unlock it.
    case locked(String)
    /// The store is there and locked, nobody is there to unlock it, and it does not show whether it keeps what was asked
    /// for; the text says what was found.
    case hidden(String)
    /// The store did not answer in time, or answered with an error, in its own words.
    case failed(String)
    /// The task was cancelled.
    case cancelled
}

/// Keeps secrets for a person: the desktop's secret service, or something in its place.
public protocol SecretStore: Sendable {
    /// Returns a secret; `nil` if none is stored under the key.
    func secret(for key: SecretKey) async throws(SecretStoreError) -> String?

    /// Stores a secret in place of any other under the key; `nil` forgets it.
    func set(_ secret: String?, for key: SecretKey) async throws(SecretStoreError)
}

/// A store that can also say what it keeps, without giving any of it away.
public protocol SecretListing: SecretStore {
    /// Returns the profiles under which secrets of a kind are stored, sorted.
    ///
    /// Throws ``SecretStoreError/locked(_:)`` if some are stored whose profiles cannot be read without a person.
    func profiles(ofKind kind: String) async throws(SecretStoreError) -> [String]
}

/// Finds a secret by the name under which somebody keeps it; throws ``CredentialError/failed(_:)`` for one that is not
/// there or cannot be read.
public typealias SecretLookup = @Sendable (_ name: String) async throws(CredentialError) -> String
