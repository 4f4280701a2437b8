import Glibc
import TokenCredentials

/// The process group of one program, to be ended with whatever is left in it.
final class ProcessGroup: Sendable {
    private let leader = Guarded<pid_t?>(nil)

    /// Remembers the group by its leader.
    func begin(_ process: pid_t) {
        leader.withLock { $0 = process }
        RunningGroups.add(process)
    }

    /// Kills what is left of the group, if it ever began.
    ///
    /// The number cannot have gone to another group while one of this group lives, and when none lives it was free for
    /// a moment only: the system hands numbers out in turn.
    func end() {
        let leader = leader.withLock { leader -> pid_t? in
            defer { leader = nil }
            return leader
        }
        guard let leader, leader > 1 else { return }
        kill(-leader, SIGKILL)
        RunningGroups.remove(leader)
    }
}
