import FoundationEssentials
import Glibc
import TokenCredentials

/// Writes the files of a scaffold, all of them or none, and over nothing.
package struct ScaffoldWriter {
    private let directory: String

    /// Writes below a directory, which is made if it is not there.
    package init(directory: String) {
        self.directory = directory
    }

    /// Writes the files and returns their paths.
    ///
    /// Throws ``ScaffoldError``, and writes nothing, if one of them is there already.
    package func write(_ files: [ScaffoldFile]) throws -> [String] {
        for file in files {
            var status = stat()
            guard lstat(path(of: file), &status) != 0 else { throw ScaffoldError("\(path(of: file)) is there already") }
        }
        var written: [String] = []
        for file in files {
            let path = path(of: file)
            let parent = String(path.prefix(upTo: path.lastIndex(of: "/") ?? path.startIndex))
            try FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: true)
            try Data(file.text.utf8).write(to: URL(filePath: path))
            if file.kind == .program, chmod(path, 0o755) != 0 {
                throw ScaffoldError("\(path) cannot be made executable")
            }
            written.append(path)
        }
        return written
    }

    /// Adds a text to the end of the package's manifest.
    ///
    /// Throws ``ScaffoldError`` if there is no manifest, or it ends in a way that a text cannot be added to.
    package func appendToManifest(_ text: String) throws {
        let path = directory + "/Package.swift"
        guard let old = try? LocalFiles().contents(ofFile: path, limit: 1 << 24) else {
            throw ScaffoldError("there is no \(path)")
        }
        let manifest = String(decoding: old, as: UTF8.self)
        guard manifest.contains("let package = Package(") else {
            throw ScaffoldError("\(path) has no `let package = Package(…)` to add to")
        }
        try Data((manifest + (manifest.hasSuffix("\n") ? "" : "\n") + text).utf8).write(
            to: URL(filePath: path), options: .atomic)
    }

    private func path(of file: ScaffoldFile) -> String { "\(directory)/\(file.path)" }
}
