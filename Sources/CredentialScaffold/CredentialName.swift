/// The name of a credential to be, in the forms that files and code need.
package struct CredentialName: Sendable, Equatable {
    /// As registries and reports know it, such as `"hash-vault"`.
    package let text: String

    /// Takes a name of lower-case letters, digits and single hyphens that begins with a letter.
    ///
    /// Throws ``ScaffoldError`` for any other.
    package init(_ text: String) throws(ScaffoldError) {
        let words = text.split(separator: "-", omittingEmptySubsequences: false)
        let isWellFormed =
            text.utf8.count <= 64 && text.utf8.first.map { (0x61...0x7A).contains($0) } == true
            && words.allSatisfy { word in
                !word.isEmpty && word.utf8.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) }
            }
        guard isWellFormed else {
            throw ScaffoldError(
                "the name of a credential is lower-case letters, digits and single hyphens, and begins with a letter, "
                    + "as in my-vault")
        }
        guard !Self.taken.contains(text) else { throw ScaffoldError("\(text) is the name of a credential already") }
        self.text = text
    }

    /// As types are named, without a suffix, such as `"HashVault"`.
    package var typeStem: String { words.map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined() }

    /// As variables are named, such as `"HASH_VAULT"`.
    package var variableStem: String { words.map { $0.uppercased() }.joined(separator: "_") }

    /// The type, such as `"HashVaultCredential"`.
    package var type: String { typeStem + "Credential" }

    /// The module, such as `"HashVaultCredentials"`.
    package var module: String { typeStem + "Credentials" }

    private var words: [Substring] { text.split(separator: "-") }

    /// The names that the standard registry holds, and those whose modules it is made of.
    private static let taken: Set = [
        "environment", "workload-identity", "managed-identity", "azure-cli", "azure-developer-cli", "azure-powershell",
        "azure-pipelines", "github-actions", "device-code", "interactive-browser", "secret-store", "command", "token",
        "entra", "postgres", "on-behalf-of", "default", "chain", "cached",
    ]
}

/// Why nothing, or nothing more, was written. One sentence, lower-case start.
package struct ScaffoldError: Error, Sendable, CustomStringConvertible {
    package let description: String

    package init(_ description: String) { self.description = description }
}
