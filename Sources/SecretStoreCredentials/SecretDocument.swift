import FoundationEssentials
import TokenCredentials

/// What a file of secrets holds: JSON with a version and a list of secrets, each with its kind and profile.
struct SecretDocument {
    private struct Entry: Codable {
        let kind: String
        let profile: String
        let secret: String
    }

    private struct Document: Codable {
        let version: Int
        let secrets: [Entry]
    }

    private var secrets: [SecretKey: String] = [:]

    /// Holds nothing.
    init() {}

    /// Reads a file; `nil` if it is not one of these.
    init?(_ contents: Data) {
        guard let document = try? JSONDecoder().decode(Document.self, from: contents), document.version == 1 else {
            return nil
        }
        for entry in document.secrets {
            secrets[SecretKey(kind: entry.kind, profile: entry.profile)] = entry.secret
        }
    }

    subscript(_ key: SecretKey) -> String? {
        get { secrets[key] }
        set { secrets[key] = newValue }
    }

    /// The profiles of the secrets of a kind, sorted.
    func profiles(ofKind kind: String) -> [String] {
        secrets.keys.filter { $0.kind == kind }.map(\.profile).sorted()
    }

    /// The file, in an order that does not change by itself.
    var contents: Data {
        get throws {
            let entries = secrets.map { Entry(kind: $0.kind, profile: $0.profile, secret: $1) }
                .sorted { ($0.kind, $0.profile) < ($1.kind, $1.profile) }
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            return try encoder.encode(Document(version: 1, secrets: entries)) + Data("\n".utf8)
        }
    }
}

extension SecretDocument: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    var description: String { "SecretDocument(\(secrets.count) secrets)" }
    var debugDescription: String { description }
    var customMirror: Mirror { Mirror(self, children: ["document": description]) }
}
