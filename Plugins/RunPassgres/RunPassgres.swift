import Foundation
import PackagePlugin

/// `swift package passgres …`: the tool, from the package that depends on it.
@main
struct RunPassgres: CommandPlugin {
    func performCommand(context: PluginContext, arguments: [String]) async throws {
        let process = try Process.run(context.tool(named: "passgres").url, arguments: arguments)
        process.waitUntilExit()
        // SwiftPM tells this status and ends with 1 itself; a script that goes by it runs the tool itself.
        if process.terminationStatus != 0 { Foundation.exit(process.terminationStatus) }
    }
}
