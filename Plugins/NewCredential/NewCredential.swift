import Foundation
import PackagePlugin

/// `swift package new-credential NAME`: says where things are; `passgres-scaffold` does the work.
@main
struct NewCredential: CommandPlugin {
    func performCommand(context: PluginContext, arguments: [String]) async throws {
        var arguments = arguments
        let form = arguments.firstIndex(of: "--form").flatMap {
            arguments.indices.contains($0 + 1) ? arguments[$0 + 1] : nil
        }
        // Which argument is the name is for the program to tell.
        arguments = ["--root", context.package.directoryURL.path] + arguments
        let dependency = context.package.dependencies.first { $0.package.displayName == "passgres" }?.package
        // A package that has the dependency keeps it; a new one gets the same.
        if form != "target" || dependency == nil {
            arguments = requirement(dependency ?? context.package, in: context.package) + arguments
        }
        try run(context.tool(named: "passgres-scaffold").url, arguments)
    }

    /// Where this package comes from. Stands before the user's own options, which count more.
    ///
    /// Of a repository a plugin is told a version, if there is one. Branch and commit stand in `Package.resolved`.
    private func requirement(_ passgres: Package, in client: Package) -> [String] {
        switch passgres.origin {
        case .repository(let url, let version, _):
            ["--passgres-url", url]
                + (version.first?.isNumber == true
                    ? ["--passgres-version", version]
                    : ["--passgres-resolved", client.directoryURL.appending(path: "Package.resolved").path])
        default:
            passgres.displayName == "passgres" ? ["--passgres-path", passgres.directoryURL.path] : []
        }
    }

    private func run(_ program: URL, _ arguments: [String]) throws {
        let process = try Process.run(program, arguments: arguments)
        process.waitUntilExit()
        if process.terminationStatus != 0 { Foundation.exit(process.terminationStatus) }
    }
}
