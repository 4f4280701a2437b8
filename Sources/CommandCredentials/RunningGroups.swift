import Glibc
import Synchronization

/// The process groups that run now, where a signal handler finds them.
package enum RunningGroups {
    private static let most = 1_024
    /// How long a program may take to end by itself once it was asked to, in steps of 5 milliseconds.
    private static let patience = 40
    /// The leaders; 0 where there is none. A handler may not lock, and so these are atomic, and never given back.
    nonisolated(unsafe) private static let leaders: UnsafeMutablePointer<Atomic<pid_t>> = {
        let leaders = UnsafeMutablePointer<Atomic<pid_t>>.allocate(capacity: most)
        for index in 0..<most { (leaders + index).initialize(to: Atomic(0)) }
        return leaders
    }()

    /// How many programs are being started: each may run already, and is in no group that is known here.
    private static let starting = Atomic(0)
    /// Whether a signal has come that ends this process: no program is started from then on.
    private static let isEnding = Atomic(false)
    /// The signal that came meanwhile; 0 if none did.
    private static let awaiting = Atomic<Int32>(0)

    /// Lets these signals end this process as they would, and every group that runs with it.
    ///
    /// A group of its own is out of reach of the terminal's Ctrl-C.
    package static func end(on signals: [Int32]) {
        // Made now, and not first within the handler.
        _ = (
            leaders, starting.load(ordering: .relaxed), awaiting.load(ordering: .relaxed),
            isEnding.load(ordering: .relaxed)
        )
        var action = sigaction()
        action.sa_flags = Int32(bitPattern: UInt32(SA_RESETHAND)) | SA_NODEFER
        action.__sigaction_handler.sa_handler = { number in
            RunningGroups.isEnding.store(true, ordering: .sequentiallyConsistent)
            if RunningGroups.starting.load(ordering: .sequentiallyConsistent) > 0 {
                RunningGroups.awaiting.store(number, ordering: .sequentiallyConsistent)
                RunningGroups.endIfAwaited()
            } else {
                RunningGroups.end(by: number)
            }
        }
        for number in signals { sigaction(number, &action, nil) }
    }

    /// Ends every group that runs, before this process ends by itself; no program is started from then on.
    ///
    /// Whoever waited for a program may have given up before it was ended. Blocks, not much longer than a program may
    /// take to end.
    package static func end() {
        isEnding.store(true, ordering: .sequentiallyConsistent)
        for _ in 0..<200 where starting.load(ordering: .sequentiallyConsistent) > 0 { poll(nil, 0, 5) }
        endGroups()
    }

    /// Leaves these signals to whoever handles them from now on.
    package static func leave(_ signals: [Int32]) {
        for number in signals { Glibc.signal(number, SIG_DFL) }
    }

    /// Says that a program is about to be started; a signal that comes until it has been is heeded then.
    static func willStart() {
        starting.add(1, ordering: .sequentiallyConsistent)
        guard isEnding.load(ordering: .sequentiallyConsistent) else { return }
        // The signal found no program that was being started, or waits for one: this process is at its end.
        hasStarted()
        while true { sleep(60) }
    }

    /// Says that a program has been started and its group is known, or that it could not be.
    static func hasStarted() {
        starting.subtract(1, ordering: .sequentiallyConsistent)
        endIfAwaited()
    }

    private static func endIfAwaited() {
        guard starting.load(ordering: .sequentiallyConsistent) == 0 else { return }
        let number = awaiting.exchange(0, ordering: .sequentiallyConsistent)
        if number != 0 { end(by: number) }
    }

    private static func end(by number: Int32) {
        endGroups()
        // The threads that tasks run on block signals.
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, number)
        pthread_sigmask(SIG_UNBLOCK, &signals, nil)
        raise(number)
    }

    /// Asks every group to end, and ends those that do not. Nothing here may lock.
    private static func endGroups() {
        guard signal(groups: SIGTERM) else { return }
        for _ in 0..<patience where signal(groups: 0) { poll(nil, 0, 5) }
        _ = signal(groups: SIGKILL)
    }

    /// Sends a signal to every group; returns whether there was one. Signal 0 only looks.
    private static func signal(groups number: Int32) -> Bool {
        var isOneThere = false
        for index in 0..<most {
            let leader = leaders[index].load(ordering: .sequentiallyConsistent)
            if leader > 1, kill(-leader, number) == 0 { isOneThere = true }
        }
        return isOneThere
    }

    /// Remembers a group, unless there are too many already.
    static func add(_ leader: pid_t) {
        for index in 0..<most {
            let (done, _) = leaders[index].compareExchange(
                expected: 0, desired: leader, ordering: .sequentiallyConsistent)
            if done { return }
        }
    }

    /// Forgets a group.
    static func remove(_ leader: pid_t) {
        for index in 0..<most {
            let (done, _) = leaders[index].compareExchange(
                expected: leader, desired: 0, ordering: .sequentiallyConsistent)
            if done { return }
        }
    }
}
