import Glibc
import Synchronization

/// The process groups that run now, where a signal handler finds them.
package enum RunningGroups {
    private static let most = 64
    /// The leaders; 0 where there is none. A handler may not lock, and so these are atomic, and never given back.
    nonisolated(unsafe) private static let leaders: UnsafeMutablePointer<Atomic<pid_t>> = {
        let leaders = UnsafeMutablePointer<Atomic<pid_t>>.allocate(capacity: most)
        for index in 0..<most { (leaders + index).initialize(to: Atomic(0)) }
        return leaders
    }()

    /// Lets these signals end this process as they would, and every group that runs with it.
    ///
    /// A group of its own is out of reach of the terminal's Ctrl-C.
    package static func end(on signals: [Int32]) {
        _ = leaders
        var action = sigaction()
        action.sa_flags = Int32(bitPattern: UInt32(SA_RESETHAND)) | SA_NODEFER
        action.__sigaction_handler.sa_handler = { number in
            for index in 0..<RunningGroups.most {
                let leader = RunningGroups.leaders[index].load(ordering: .sequentiallyConsistent)
                if leader > 1 { kill(-leader, SIGKILL) }
            }
            raise(number)
        }
        for number in signals { sigaction(number, &action, nil) }
    }

    /// Leaves these signals to whoever handles them from now on.
    package static func leave(_ signals: [Int32]) {
        for number in signals { signal(number, SIG_DFL) }
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
