import SecretStoreCredentials
import TokenCredentials

/// The names of the secrets that are kept on this machine, and where.
struct KeptSecrets: Sendable {
    /// A name and its place.
    struct Entry: Sendable {
        let name: String
        let place: String
    }

    private(set) var entries: [Entry] = []
    /// Places that would not say.
    private(set) var failures: [String] = []

    /// Asks every place where a secret may have been kept; prompts nobody.
    static func find(in environment: ProcessEnvironment) async throws(CredentialError) -> KeptSecrets {
        var kept = KeptSecrets()
        for choice in try SecretStoreChoice.forFinding(environment: environment) {
            do throws(SecretStoreError) {
                for secret in try await NamedSecret.all(in: choice.store) {
                    kept.entries.append(Entry(name: secret.name, place: choice.place))
                }
            } catch {
                if case .absent = error { continue }
                kept.failures.append("\(choice.place): \(error.finding)")
            }
        }
        return kept
    }

    /// Names and places, for a report.
    var document: JSONValue {
        .array(entries.map { .object(["name": .string($0.name), "store": .string($0.place)]) })
    }
}

extension SecretStoreError {
    /// What to do about a file of secrets that is not believed.
    static let fileRemedy = "Look how the file came to be so, and mend or remove it"

    /// What the store said.
    var finding: String {
        switch self {
        case .absent(let text), .locked(let text), .hidden(let text), .failed(let text): text
        case .cancelled: "interrupted"
        }
    }
}
