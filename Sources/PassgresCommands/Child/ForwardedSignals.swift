import Glibc
import Synchronization

/// The signals that are passed on to the program run in our place.
enum ForwardedSignals {
    private static let numbers = [SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2]
    /// The program; 0 before there is one.
    private static let child = Atomic<Int32>(0)
    /// A signal that came while there was no program: before it began, or since it ended.
    private static let waiting = Atomic<Int32>(0)

    /// The signals that end the program unless it wants otherwise: those that this process was not told to ignore.
    ///
    /// `nohup` and a shell's `trap '' INT` hold for the program too.
    static var set: sigset_t {
        var set = sigset_t()
        sigemptyset(&set)
        for number in numbers where !Signals.isIgnored(number) { sigaddset(&set, number) }
        // Libraries ignore it in the whole process.
        if !StartingState.taken.ignoresBrokenPipes { sigaddset(&set, SIGPIPE) }
        return set
    }

    /// Whether a signal came since the program ended, for which all further work is to be left.
    static var hasCome: Bool { waiting.load(ordering: .sequentiallyConsistent) > 0 }

    /// From now on such a signal does not end this process but is kept for the program.
    ///
    /// What the terminal sent, it sent to the program too; only what another process sent to us alone is passed on. A
    /// handler and not a thread that waits: the main thread of a Swift program takes every signal that comes.
    static func hold() {
        var action = sigaction()
        action.sa_flags = SA_SIGINFO | Int32(bitPattern: UInt32(SA_RESTART))
        action.__sigaction_handler.sa_sigaction = { number, info, _ in
            // Nothing here may lock.
            let child = ForwardedSignals.child.load(ordering: .sequentiallyConsistent)
            guard child > 0 else {
                ForwardedSignals.waiting.store(number, ordering: .sequentiallyConsistent)
                return
            }
            // The kernel's own codes are above zero; those of kill and its kin are not.
            if let info, info.pointee.si_code <= 0 { kill(child, number) }
        }
        for number in numbers where !Signals.isIgnored(number) { sigaction(number, &action, nil) }
        // A server that hangs up on a login of our own must not end us.
        signal(SIGPIPE, SIG_IGN)
    }

    /// Passes on what came so far, and from now on at once.
    static func forward(to program: pid_t) {
        child.store(program, ordering: .sequentiallyConsistent)
        let number = waiting.exchange(0, ordering: .sequentiallyConsistent)
        if number > 0 { kill(program, number) }
    }

    /// After the program's end, when its number may become another's.
    static func stopForwarding() { child.store(0, ordering: .sequentiallyConsistent) }
}
