import Foundation
import PackagePlugin

/// Fails the build of a target whose connection or service files do not parse or contain a password.
@main
struct CheckConnections: BuildToolPlugin {
    func createBuildCommands(context: PluginContext, target: any Target) async throws -> [Command] {
        guard target is SwiftSourceModuleTarget else { return [] }
        let files = connectionFiles(below: target.directoryURL)
        guard !files.isEmpty else { return [] }
        // A comment, compiled with the target: what has an output is run again only when a file has changed.
        let stamp = context.pluginWorkDirectoryURL.appending(path: "CheckedConnections.swift")
        return [
            .buildCommand(
                displayName: "Checking \(files.count) connection files of \(target.name)",
                executable: try context.tool(named: "passgres-check-connections").url,
                arguments: ["--stamp", stamp.path] + files.map(\.path), inputFiles: files, outputFiles: [stamp])
        ]
    }

    private func connectionFiles(below directory: URL) -> [URL] {
        guard let files = FileManager.default.enumerator(at: directory, includingPropertiesForKeys: [.isRegularFileKey])
        else { return [] }
        return files.compactMap { $0 as? URL }.filter { file in
            let name = file.lastPathComponent
            return name.hasSuffix(".conninfo") || name.hasSuffix("pg_service.conf")
        }.sorted { $0.path < $1.path }
    }
}
