import CommandCredentials
import Glibc
import TokenCredentials

/// A program run in our place: same terminal, same streams, its status is ours.
enum ChildProcess {
    /// Starts a program without a shell, waits for it and returns the status to end with.
    ///
    /// A bare name is looked for on `PATH` (see `ProgramFinder`); a path is the user's own decision. 128+N for a program
    /// that signal N ended, 126 for one that is not executable or was passed over, 127 for one that is not there.
    static func run(_ command: [String], _ environment: [String: String]) async throws -> Int32 {
        try await run(command, environment, by: nil).status
    }

    /// The same, and the end of what it wrote to standard error on the way through a relay.
    static func run(
        _ command: [String], _ environment: [String: String], by relay: ErrorRelay?
    ) async throws -> (status: Int32, words: [UInt8]) {
        defer { ForwardedSignals.stopForwarding() }
        let child: pid_t
        do {
            defer { relay?.closeInput() }
            guard let name = command.first, !command.contains(where: { $0.utf8.contains(0) }) else {
                throw CommandFailure(.usage, "the command holds a NUL byte")
            }
            child = try start(name, command, environment, relay)
        }
        ForwardedSignals.forward(to: child)
        async let words = onOwnThread { relay?.words() ?? [] }
        let status = await onOwnThread { wait(for: child) }
        relay?.programHasEnded()
        return (status, await words)
    }

    private static func start(
        _ name: String, _ command: [String], _ environment: [String: String], _ relay: ErrorRelay?
    ) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        if let relay { posix_spawn_file_actions_adddup2(&actions, relay.input, STDERR_FILENO) }
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        sigemptyset(&none)
        var forwarded = ForwardedSignals.set
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &forwarded)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
        StartingState.taken.keepOwnFiles()
        let path = try path(of: name, in: environment)
        var arguments = ProcessBytes.arguments(saying: command)
        var variables = ProcessBytes.variables(saying: environment)
        defer { for text in arguments + variables { free(text) } }
        var child = pid_t()
        let code = posix_spawn(&child, path, &actions, &attributes, &arguments, &variables)
        switch code {
        case 0: return child
        case ENOENT where access(path, F_OK) == 0:
            throw CommandFailure(.notExecutable, "\(name): the interpreter that its first line names is not there")
        case ENOENT: throw CommandFailure(.notFound, "\(name): command not found")
        default: throw CommandFailure(.notExecutable, "\(name): \(SystemError.text(of: code))")
        }
    }

    private static func path(of name: String, in environment: [String: String]) throws -> String {
        guard !name.contains("/") else { return name }
        switch ProgramFinder(path: environment["PATH"]).location(of: name) {
        case .found(let path): return path
        case .notFound(let passedOver) where passedOver.isEmpty:
            throw CommandFailure(.notFound, "\(name): command not found")
        case .notFound(let passedOver):
            throw CommandFailure(
                .notExecutable,
                "\(name): not run from PATH: \(passedOver.joined(separator: "; ")). Name it by its path to run it.")
        }
    }

    private static func wait(for child: pid_t) -> Int32 {
        var status: Int32 = 0
        while waitpid(child, &status, 0) < 0 {
            guard errno == EINTR else { return ExitStatus.defect.rawValue }
        }
        return exitStatus(of: status)
    }

    /// What to end with after a process that ended so, by what `waitpid` says.
    static func exitStatus(of status: Int32) -> Int32 {
        // The macros of <sys/wait.h>, which Swift does not import.
        let signal = status & 0x7f
        return signal == 0 ? (status >> 8) & 0xff : 128 + signal
    }
}
