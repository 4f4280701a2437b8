public import TokenCredentials

/// A secret that somebody keeps under a name for credentials to find: a client secret, or a certificate's password.
///
/// Kept beside sign-ins, in whatever store is given; the text is stored as it is.
public struct NamedSecret: Hashable, Sendable {
    /// The kind under which stores keep these.
    public static let kind = "secret"
    /// The longest text taken, in bytes.
    public static let longestText = 65_536
    private static let longestName = 128

    /// The name, fit for a variable and a command as it is.
    public let name: String

    /// Takes a name of letters, digits and `.`, `_`, `-`, `@`, `:`, `/`, `+`, which begins with a letter or a digit.
    ///
    /// Throws ``CredentialError/failed(_:)`` for anything else, and for more than 128 characters.
    public init(_ name: String) throws(CredentialError) {
        func isPlain(_ byte: UInt8) -> Bool {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"):
                true
            default: false
            }
        }
        guard let first = name.utf8.first, isPlain(first), name.utf8.count <= Self.longestName,
            name.utf8.allSatisfy({ isPlain($0) || "._-@:/+".utf8.contains($0) })
        else {
            throw Self.misconfigured(
                "\(quoted(name)) is no name for a secret",
                "Use up to \(Self.longestName) letters, digits and . _ - @ : / +, beginning with a letter or a digit.")
        }
        self.name = name
    }

    /// Keeps a text under this name in place of any other.
    ///
    /// Throws ``CredentialError/failed(_:)`` for a text that is empty, holds a line break or another control character
    /// or is longer than ``longestText``, and if the store does not serve.
    public func store(_ text: String, in store: any SecretStore) async throws(CredentialError) {
        guard !text.isEmpty else { throw Self.misconfigured("the secret is empty", "Give its value.") }
        guard text.utf8.count <= Self.longestText else {
            throw Self.misconfigured("the secret is longer than \(Self.longestText) bytes", "Give its value alone.")
        }
        guard !text.unicodeScalars.contains(where: \.isControl) else {
            throw Self.misconfigured("the secret holds a line break or a control character", "Give its value alone.")
        }
        do throws(SecretStoreError) {
            try await store.set(text, for: key)
        } catch {
            throw trouble(error, "the secret \(name) cannot be kept")
        }
    }

    /// Returns what a store keeps under this name; `nil` if nothing.
    public func find(in store: any SecretStore) async throws(SecretStoreError) -> String? {
        try await store.secret(for: key)
    }

    /// Forgets what a store keeps under this name; says whether there was anything.
    @discardableResult
    public func forget(in store: any SecretStore) async throws(SecretStoreError) -> Bool {
        guard try await store.secret(for: key) != nil else { return false }
        try await store.set(nil, for: key)
        return true
    }

    /// Returns every name that a store keeps such a secret under, sorted.
    ///
    /// What others have put there under names that are none is left out.
    public static func all(in store: any SecretListing) async throws(SecretStoreError) -> [NamedSecret] {
        var secrets: [NamedSecret] = []
        for name in try await store.profiles(ofKind: kind) {
            if let secret = try? NamedSecret(name) { secrets.append(secret) }
        }
        return secrets
    }

    private var key: SecretKey { SecretKey(kind: Self.kind, profile: name) }
}
