import CredentialTesting
import Foundation
import SpawnedPrograms

/// A block of a page as the only file of a program, for the compiler to look at.
struct PastedCode {
    let lines: [String]

    /// The compiler's status and words. Modules are those that the tests were built with.
    func check() async throws -> (status: Int32, words: String) {
        let scratch = try ScratchDirectory()
        // The module map that the page shows.
        try FileManager.default.createDirectory(atPath: scratch.path + "/CPQ", withIntermediateDirectories: true)
        _ = try scratch.write("#include <postgresql/libpq-fe.h>\n", to: "CPQ/shim.h")
        let map = try scratch.write(
            "module CPQ [system] {\n    header \"shim.h\"\n    link \"pq\"\n    export *\n}\n",
            to: "CPQ/module.modulemap")
        let file = try scratch.write(lines.joined(separator: "\n") + "\n", to: "main.swift")
        let maps = ([map] + Self.moduleMaps).flatMap { ["-Xcc", "-fmodule-map-file=\($0)"] }
        let ending = try await SpawnedProgram(
            "/usr/bin/env",
            ["swiftc", "-typecheck", "-swift-version", "6", "-I", Self.products + "/Modules"] + maps + [file],
            environment: ProcessInfo.processInfo.environment
        ).ending()
        return (ending.status, String(decoding: ending.errors + ending.output, as: UTF8.self))
    }

    /// Where the test bundle is, the modules are too.
    private static let products: String = {
        let link = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        return URL(filePath: link).deletingLastPathComponent().path
    }()

    /// The C modules that modules of this package and of its dependencies refer to.
    private static let moduleMaps: [String] = {
        let root = `The pages`.root.path
        let names = (try? FileManager.default.contentsOfDirectory(atPath: products)) ?? []
        let built = names.filter { $0.hasSuffix(".build") && !$0.hasSuffix("-tool.build") }
            .map { "\(products)/\($0)/module.modulemap" }
        let own = ["CTokenCurl", "CTokenOpenSSL", "CTokenSecret"].map { "\(root)/Sources/\($0)/module.modulemap" }
        let foreign = [
            "swift-system/Sources/CSystem", "swift-subprocess/Sources/_SubprocessCShims",
            "swift-atomics/Sources/_AtomicsShims", "swift-nio-ssl/Sources/CNIOBoringSSL",
        ].map { "\(root)/.build/checkouts/\($0)/include/module.modulemap" }
        return (own + built + foreign).filter { FileManager.default.fileExists(atPath: $0) }
    }()
}
