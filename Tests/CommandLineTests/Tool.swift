import Foundation
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
        try Running(Self.path, arguments, environment, input: input)
    }

    func callAsFunction(_ arguments: String...) async throws -> Ending {
        try await run(arguments)
    }

    func run(_ arguments: [String], input: String? = nil) async throws -> Ending {
        try await start(arguments, input: input).ending()
    }

    /// A tool under way.
    final class Running: @unchecked Sendable {
        private let process = Process()
        private let output = Collected()
        private let errors = Collected()
        private let started = Date()

        init(_ path: String, _ arguments: [String], _ environment: [String: String], input: String? = nil) throws {
            process.executableURL = URL(filePath: path)
            process.arguments = arguments
            process.environment = environment
            let pipe = input.map { _ in Pipe() }
            process.standardInput = pipe ?? FileHandle.nullDevice
            process.standardOutput = output.pipe
            process.standardError = errors.pipe
            try process.run()
            if let pipe, let input {
                // On a thread of its own, for a text may be longer than a pipe is deep.
                Thread.detachNewThread {
                    try? pipe.fileHandleForWriting.write(contentsOf: Data(input.utf8))
                    try? pipe.fileHandleForWriting.close()
                }
            }
        }

        var identifier: Int32 { process.processIdentifier }
        var isRunning: Bool { process.isRunning }
        func send(_ signal: Int32) { kill(process.processIdentifier, signal) }

        /// Waits for the first whole line on standard output.
        func firstLine() async -> String { await output.firstLine() }

        /// Waits for a text on standard error.
        func errors(upTo text: String) async -> String { await errors.text(upTo: text) }

        func ending() async throws -> Ending {
            async let out = output.text()
            async let err = errors.text()
            await withCheckedContinuation { continuation in
                Thread.detachNewThread { [process] in
                    process.waitUntilExit()
                    continuation.resume()
                }
            }
            let status =
                process.terminationReason == .uncaughtSignal
                ? 128 + process.terminationStatus : process.terminationStatus
            return Ending(
                status: status, output: await out, errors: await err, seconds: Date().timeIntervalSince(started))
        }
    }
}

/// Reads a pipe to its end while the program runs, so that a full pipe never holds it up.
final class Collected: @unchecked Sendable {
    let pipe = Pipe()
    private let condition = NSCondition()
    private var data = Data()
    private var isAtEnd = false

    convenience init() { self.init { $0.fileHandleForReading } }

    /// Reads a named pipe, from when there is somebody at its other end until nobody is.
    convenience init(from path: String) { self.init { _ in FileHandle(forReadingAtPath: path) } }

    private init(_ open: @escaping @Sendable (Pipe) -> FileHandle?) {
        Thread.detachNewThread { [self] in
            let file = open(pipe)
            while true {
                let chunk = file?.availableData ?? Data()
                condition.withLock {
                    if chunk.isEmpty { isAtEnd = true } else { data += chunk }
                    condition.broadcast()
                }
                if chunk.isEmpty { return }
            }
        }
    }

    func text() async -> String { await wait { $1 ? String(decoding: $0, as: UTF8.self) : nil } }

    func text(upTo end: String) async -> String {
        await wait { (data: Data, isAtEnd: Bool) -> String? in
            let text = String(decoding: data, as: UTF8.self)
            return isAtEnd || text.contains(end) ? text : nil
        }
    }

    func firstLine() async -> String {
        await wait { data, isAtEnd in
            if let end = data.firstIndex(of: 10) { return String(decoding: data[..<end], as: UTF8.self) }
            return isAtEnd ? String(decoding: data, as: UTF8.self) : nil
        }
    }

    private func wait(_ found: @escaping @Sendable (Data, Bool) -> String?) async -> String {
        await withCheckedContinuation { continuation in
            Thread.detachNewThread { [self] in
                condition.lock()
                defer { condition.unlock() }
                while true {
                    if let text = found(data, isAtEnd) { return continuation.resume(returning: text) }
                    condition.wait()
                }
            }
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
        try Data(text.utf8).write(to: URL(filePath: file))
        return file
    }

    func mode(of name: String) throws -> Int {
        let attributes = try FileManager.default.attributesOfItem(atPath: "\(path)/\(name)")
        return (attributes[.posixPermissions] as? Int) ?? -1
    }

    var names: [String] { ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted() }
}
