/// A secret that the local cloud knows, such as a client secret or a password: shown nowhere.
public struct KnownSecret: Hashable, Sendable, Decodable, ExpressibleByStringLiteral {
    /// The secret itself.
    public let value: String

    /// Takes the secret.
    public init(_ value: String) {
        self.value = value
    }

    /// Takes a secret that stands in a test's source.
    public init(stringLiteral value: String) {
        self.value = value
    }

    /// Reads the secret from a configuration file, where it is a plain text.
    public init(from decoder: any Decoder) throws {
        value = try decoder.singleValueContainer().decode(String.self)
    }
}

extension KnownSecret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Always the same, whatever the secret.
    public var description: String { "<redacted>" }
    /// Always the same, whatever the secret.
    public var debugDescription: String { description }
    /// Nothing to look into.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
