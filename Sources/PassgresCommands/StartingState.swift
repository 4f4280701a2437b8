import CommandCredentials
import Glibc
import TokenCredentials

/// What this process was given by whoever started it, taken down before any library changes it.
struct StartingState: Sendable {
    /// Whether a write to a pipe that nobody reads was to be an error and not the end.
    ///
    /// Libraries ask for that in the whole process; a program run in our place shall find it as we did.
    let ignoresBrokenPipes: Bool
    /// The open files, which a program run in our place inherits; `nil` where the system does not tell.
    let files: Set<Int32>?

    /// The state, taken down by the first who asks: the first line of the tool.
    static let taken = StartingState()

    private init() {
        // Else the next file or socket that is opened gets the number, and what is meant for a reader goes there.
        for file in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO] where fcntl(file, F_GETFD) < 0 && errno == EBADF {
            // The lowest free number is this one. Opened for reading, it refuses what is written, as a closed one does.
            _ = open("/dev/null", O_RDONLY)
        }
        var action = sigaction()
        sigaction(SIGPIPE, nil, &action)
        ignoresBrokenPipes = Signals.isIgnored(action)
        files = Self.openFiles
    }

    /// Keeps every file that was opened since the start from a program that is run in our place.
    func keepOwnFiles() {
        guard let files, let open = Self.openFiles else { return }
        for file in open.subtracting(files) {
            let flags = fcntl(file, F_GETFD)
            if flags >= 0 { _ = fcntl(file, F_SETFD, flags | FD_CLOEXEC) }
        }
    }

    private static var openFiles: Set<Int32>? {
        let names = OpenDirectory("/proc/self/fd")?.names ?? []
        // Those by which the names were read are closed again.
        return names.isEmpty ? nil : Set(names.compactMap(Int32.init).filter { fcntl($0, F_GETFD) >= 0 })
    }
}

/// What Swift does not import of `<signal.h>`.
enum Signals {
    /// Those that end the tool, unless whoever started it had them ignored.
    private static var ends: [Int32] { [SIGINT, SIGTERM, SIGHUP].filter { !isIgnored($0) } }

    /// Lets what ends the tool end the programs that it asks, too.
    static func endWithPrograms() { RunningGroups.end(on: ends) }

    /// Leaves the signals as they were when the tool was started, for a command that ends in an order of its own.
    static func leave() { RunningGroups.leave(ends) }

    /// Whether a signal is ignored now.
    static func isIgnored(_ number: Int32) -> Bool {
        var action = sigaction()
        sigaction(number, nil, &action)
        return isIgnored(action)
    }

    /// Whether an action is to ignore the signal.
    static func isIgnored(_ action: sigaction) -> Bool {
        // SIG_IGN is a cast of 1, which Swift does not import.
        action.sa_flags & SA_SIGINFO == 0
            && unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self) == 1
    }
}
