import FoundationEssentials
import TokenCredentials

/// A package's `Package.resolved`: what its dependencies were resolved to.
///
/// The plugin's own description of a dependency knows no branch; this file does.
struct ResolvedPackages: Decodable {
    /// One dependency; version 1 of the format has other names for its members than versions 2 and 3.
    private struct Pin: Decodable {
        struct State: Decodable {
            let branch: String?
            let revision: String?
            let version: String?
        }

        let location: String?
        let repositoryURL: String?
        let state: State
    }

    private struct Object: Decodable { let pins: [Pin] }

    private let pins: [Pin]?
    private let object: Object?

    /// Reads a file; `nil` if there is none, or none that can be understood.
    init?(file: String) {
        guard let contents = try? LocalFiles().contents(ofFile: file, limit: 1 << 24),
            let read = try? JSONDecoder().decode(Self.self, from: contents)
        else { return nil }
        self = read
    }

    /// How a dependency from a repository was resolved; `nil` if it is not named.
    func requirement(for url: String) -> PackageRequirement? {
        let pin = (pins ?? object?.pins ?? []).first { pin in
            (pin.location ?? pin.repositoryURL).map(Self.bare) == Self.bare(url)
        }
        guard let state = pin?.state else { return nil }
        if let branch = state.branch { return .branch(url, branch) }
        if let version = state.version { return .version(url, from: version) }
        return state.revision.map { .revision(url, $0) }
    }

    /// An address as SwiftPM compares them: without case and without `.git`.
    private static func bare(_ url: String) -> String {
        var text = url.lowercased()
        if text.hasSuffix("/") { text.removeLast() }
        return text.hasSuffix(".git") ? String(text.dropLast(4)) : text
    }
}
