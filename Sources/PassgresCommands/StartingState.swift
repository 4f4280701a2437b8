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
    /// Those by which others end the tool.
    private static let requests = [SIGINT, SIGTERM, SIGHUP]
    /// Those that end it too, by a limit, a timer or a defect.
    private static let others = [
        SIGQUIT, SIGALRM, SIGUSR1, SIGUSR2, SIGXCPU, SIGABRT, SIGILL, SIGTRAP, SIGFPE, SIGBUS, SIGSEGV,
    ]

    /// Lets what ends the tool end the programs that it asks, too.
    ///
    /// Not what whoever started the tool had ignored, nor what the runtime handles, as it may in order to trace a defect.
    static func endWithPrograms() { RunningGroups.end(on: (requests + others).filter { handler(of: $0) == 0 }) }

    /// Leaves the signals as they were when the tool was started, for a command that ends in an order of its own.
    static func leave() { RunningGroups.leave(requests.filter { !isIgnored($0) }) }

    /// Lets a signal end the tool at once, and the programs that it asks with it.
    static func endAtOnce(on number: Int32) { RunningGroups.end(on: [number]) }

    /// Whether a signal is ignored now.
    static func isIgnored(_ number: Int32) -> Bool { handler(of: number) == 1 }

    /// Whether an action is to ignore the signal.
    static func isIgnored(_ action: sigaction) -> Bool { handler(of: action) == 1 }

    private static func handler(of number: Int32) -> Int {
        var action = sigaction()
        sigaction(number, nil, &action)
        return handler(of: action)
    }

    /// The address of a handler; 0 for the default and 1 for none, which are SIG_DFL and SIG_IGN.
    ///
    /// Those are casts, which Swift does not import. The address stands in the same place with SA_SIGINFO.
    private static func handler(of action: sigaction) -> Int {
        unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self)
    }
}
