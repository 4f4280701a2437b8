import CTestSpawn
public import Foundation
import Glibc

/// A program under way, in a process group of its own, with what it prints.
///
/// Foundation's `Process` is not used, since it reads past its list of open files where many are open.
public final class SpawnedProgram: Sendable {
    /// How a program ended.
    public struct Ending: Sendable {
        /// The exit status, or 128 and the signal's number.
        public let status: Int32
        /// The signal that ended it, if one did.
        public let signal: Int32?
        /// What it wrote to standard output.
        public let output: Data
        /// What it wrote to standard error.
        public let errors: Data
        /// How long it took.
        public let seconds: Double
    }

    /// Its process number, and that of its group.
    public let identifier: Int32
    /// What it writes to standard output.
    public let output: PrintedText
    /// What it writes to standard error.
    public let errors: PrintedText
    private let started = ContinuousClock.now
    private let exit = Exit()

    /// Starts a program; without an environment it gets this process' own, without input an empty one.
    public init(
        _ path: String, _ arguments: [String] = [], environment: [String: String]? = nil, input: Data? = nil,
        in directory: String? = nil
    ) throws {
        let started = try Self.start(
            [path] + arguments, environment ?? ProcessInfo.processInfo.environment, in: directory,
            isGivenInput: input != nil)
        (identifier, output, errors) = (started.child, started.output, started.errors)
        exit.collect(started.child)
        if let input, let file = started.input { Self.write(input, to: file) }
    }

    /// Whether it has not ended yet.
    public var isRunning: Bool { exit.status == nil }

    /// Sends a signal, unless the program has ended.
    public func send(_ signal: Int32) { exit.ifRunning { kill(identifier, signal) } }

    /// Waits for the end of the program and of what it prints, and blocks until then.
    public func waitForEnd() -> Ending {
        let (out, err) = (output.waitForAll(), errors.waitForAll())
        let status = exit.wait()
        let signal = status & 0x7F
        return Ending(
            status: signal == 0 ? (status >> 8) & 0xFF : 128 + signal, signal: signal == 0 ? nil : signal, output: out,
            errors: err, seconds: (ContinuousClock.now - started) / .seconds(1))
    }

    /// Waits for the end of the program and of what it prints.
    public func ending() async -> Ending {
        await withCheckedContinuation { continuation in
            Thread.detachNewThread { continuation.resume(returning: self.waitForEnd()) }
        }
    }

    private static let starting = NSLock()

    /// Does work while no program is being started.
    ///
    /// A program that is being started has for a moment what is open here. A file that is open for writing cannot be run, and
    /// so a script that is written meanwhile could not for that moment.
    public static func withoutStarting<Result>(_ work: () throws -> Result) rethrows -> Result {
        try starting.withLock(work)
    }

    private static func start(
        _ command: [String], _ variables: [String: String], in directory: String?, isGivenInput: Bool
    ) throws -> (child: pid_t, input: Int32?, output: PrintedText, errors: PrintedText) {
        starting.lock()
        defer { starting.unlock() }
        let (out, err) = (try Channel(), try Channel())
        let source = isGivenInput ? try Channel() : nil
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        if let source {
            posix_spawn_file_actions_adddup2(&actions, source.reading, 0)
        } else {
            posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        }
        posix_spawn_file_actions_adddup2(&actions, out.writing, 1)
        posix_spawn_file_actions_adddup2(&actions, err.writing, 2)
        posix_spawn_file_actions_addclosefrom_np(&actions, 3)
        if let directory { posix_spawn_file_actions_addchdir_np(&actions, directory) }
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // The threads that tests run on block signals, and a mask is inherited.
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP))
        var argv: [UnsafeMutablePointer<CChar>?] = command.map { strdup($0) } + [nil]
        var envp: [UnsafeMutablePointer<CChar>?] = variables.map { strdup("\($0)=\($1)") } + [nil]
        defer { for text in argv + envp { free(text) } }
        var child = pid_t()
        let code = posix_spawn(&child, command[0], &actions, &attributes, &argv, &envp)
        close(out.writing)
        close(err.writing)
        if let source { close(source.reading) }
        let (output, errors) = (PrintedText(from: out.reading), PrintedText(from: err.reading))
        guard code == 0 else {
            if let source { close(source.writing) }
            throw POSIXError(POSIXErrorCode(rawValue: code) ?? .EIO)
        }
        return (child, source?.writing, output, errors)
    }

    /// Writes on a thread of its own, for a text may be longer than a pipe is deep.
    private static func write(_ data: Data, to file: Int32) {
        Thread.detachNewThread {
            let handle = FileHandle(fileDescriptor: file, closeOnDealloc: false)
            try? handle.write(contentsOf: data)
            close(file)
        }
    }
}

/// A pipe that no other program inherits.
private struct Channel {
    let reading: Int32
    let writing: Int32

    init() throws {
        var files: [Int32] = [0, 0]
        guard pipe2(&files, O_CLOEXEC) == 0 else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
        (reading, writing) = (files[0], files[1])
    }
}
