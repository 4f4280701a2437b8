/// Why the local cloud could not be started or could not make what was asked for.
public struct LocalCloudError: Error, Hashable, Sendable, CustomStringConvertible {
    /// One sentence, without a secret in it.
    public let description: String

    /// Takes the sentence.
    init(_ description: String) {
        self.description = description
    }
}
