import Foundation
import SpawnedPrograms
import Testing

/// The built tool, run as a user runs it.
struct Tool {
    struct Ending: Sendable {
        let status: Int32
        let output: String
        let errors: String
        let seconds: Double
        var lines: [String] { output.split(separator: "\n").map(String.init) }
    }

    /// Variables in place of the test's own; a way to the real identity endpoint is never left open.
    var environment: [String: String]
    /// The user as whom the tool is run; `nil` for the test's own. Only root may run it as another.
    var user: uid_t?

    init(_ environment: [String: String] = [:]) {
        var all = [
            "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin",
            "HOME": "/nonexistent", "AZURE_POD_IDENTITY_AUTHORITY_HOST": "http://127.0.0.1:1",
            "AZURE_AUTHORITY_HOST": "https://localhost:1", "PASSGRES_CACHE": "off",
        ]
        all.merge(environment) { $1 }
        self.environment = all
    }

    /// Where the test bundle is, the tool is too.
    static let path: String = {
        let link = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        return URL(filePath: link).deletingLastPathComponent().appending(path: "passgres").path
    }()

    func start(_ arguments: [String], input: String? = nil) throws -> Running {
        guard let user else { return try Running(Self.path, arguments, environment, input: input) }
        let change = ["--reuid", "\(user)", "--regid", "\(user)", "--clear-groups", Self.path]
        return try Running("/usr/bin/setpriv", change + arguments, environment, input: input)
    }

    func callAsFunction(_ arguments: String...) async throws -> Ending {
        try await run(arguments)
    }

    func run(_ arguments: [String], input: String? = nil) async throws -> Ending {
        try await FewAtOnce.runs { try await start(arguments, input: input).ending() }
    }

    /// A program under way, and what it prints as text.
    struct Running: Sendable {
        private let program: SpawnedProgram

        init(_ path: String, _ arguments: [String], _ environment: [String: String], input: String? = nil) throws {
            program = try SpawnedProgram(
                path, arguments, environment: environment, input: input.map { Data($0.utf8) })
        }

        var identifier: Int32 { program.identifier }
        var isRunning: Bool { program.isRunning }
        func send(_ signal: Int32) { program.send(signal) }

        /// Waits for the first whole line on standard output.
        func firstLine() async -> String { await program.output.firstLine() }

        /// Waits for a text on standard error.
        func errors(upTo text: String) async -> String { await program.errors.text(upTo: text) }

        func ending() async -> Ending {
            let ending = await program.ending()
            return Ending(
                status: ending.status, output: String(decoding: ending.output, as: UTF8.self),
                errors: String(decoding: ending.errors, as: UTF8.self), seconds: ending.seconds)
        }
    }
}

/// A directory that is gone when the test is.
final class Scratch: Sendable {
    let path: String

    init() {
        path = FileManager.default.temporaryDirectory.appending(path: "passgres-test-\(UUID().uuidString)").path
        try? FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func write(_ text: String, to name: String) throws -> String {
        let file = "\(path)/\(name)"
        try SpawnedProgram.withoutStarting { try Data(text.utf8).write(to: URL(filePath: file)) }
        return file
    }

    func mode(of name: String) throws -> Int {
        let attributes = try FileManager.default.attributesOfItem(atPath: "\(path)/\(name)")
        return (attributes[.posixPermissions] as? Int) ?? -1
    }

    var names: [String] { ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted() }
}
