import FoundationEssentials
import Testing
import TokenCredentials

/// One folder of `Scenarios`: what a credential finds, what it does, and what comes of it.
struct Scenario: Sendable, CustomTestStringConvertible {
    /// What is wrong with a folder itself.
    struct Defect: Error, CustomStringConvertible {
        let description: String
    }

    /// The credential, which is the name of the folder's own folder.
    let credential: String
    /// The folder's name, which begins with the outcome.
    let name: String
    private let path: String

    var testDescription: String { "\(credential)/\(name)" }

    /// The outcome that the folder's name promises: `token`, `unavailable` or `failed`.
    var promise: String { String(name.prefix { $0 != "-" }) }

    /// Every scenario there is, sorted.
    static let all: [Scenario] = folders(in: root).flatMap { credential in
        folders(in: "\(root)/\(credential)").map {
            Scenario(credential: credential, name: $0, path: "\(root)/\(credential)/\($0)")
        }
    }

    private static let root =
        #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
        + "/Scenarios"

    private static func folders(in path: String) -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        return names.filter { (try? FileManager.default.contentsOfDirectory(atPath: "\(path)/\($0)")) != nil }.sorted()
    }

    /// The variables; none where there is no file.
    func environment() throws -> [String: String] { try document("environment.json") ?? [:] }

    /// What else is particular about the case.
    func setup() throws -> Setup { try document("setup.json") ?? Setup() }

    /// The requests expected.
    func exchanges() throws -> [ExpectedExchange] { try document("http.json") ?? [] }

    /// The programs there are and the runs expected.
    func runs() throws -> ExpectedRuns { try document("commands.json") ?? ExpectedRuns() }

    /// The lines of the outcome expected.
    func expected() throws -> [String] {
        guard let text = text("expected.txt") else { throw Defect(description: "there is no expected.txt") }
        return text.split(separator: "\n").map(String.init)
    }

    /// What must be shown nowhere; each of them stands in what the scenario hands out, or it would prove nothing.
    func secrets() throws -> [String] {
        let secrets = (text("secrets.txt") ?? "").split(separator: "\n").map(String.init)
        let inputs =
            ["environment.json", "http.json", "commands.json", "setup.json"].compactMap(text).joined()
            .replacing("\\/", with: "/").replacing("\\\"", with: "\"") + (try files().values.joined())
        for secret in secrets where secret.utf8.count < 4 || !inputs.contains(secret) {
            throw Defect(description: "secrets.txt names \(secret), which the scenario does not hold")
        }
        return secrets
    }

    /// The files that the credential may find, by their absolute path.
    func files() throws -> [String: String] {
        var found: [String: String] = [:]
        var waiting = [""]
        while let place = waiting.popLast() {
            for name in (try? FileManager.default.contentsOfDirectory(atPath: "\(path)/files\(place)")) ?? [] {
                let inner = "\(place)/\(name)"
                if let contents = text("files\(inner)") { found[inner] = contents } else { waiting.append(inner) }
            }
        }
        return found
    }

    private func text(_ name: String) -> String? {
        (try? Data(contentsOf: URL(filePath: "\(path)/\(name)"))).map { String(decoding: $0, as: UTF8.self) }
    }

    private func document<Value: Decodable>(_ name: String) throws -> Value? {
        guard let text = text(name) else { return nil }
        do {
            return try JSONDecoder().decode(Value.self, from: Data(text.utf8))
        } catch {
            throw Defect(description: "\(name): \(error)")
        }
    }
}
