import Foundation
import Glibc

/// The end of a child, collected by a thread of its own.
final class Exit: @unchecked Sendable {
    private let condition = NSCondition()
    /// The status as waitpid(2) gives it; guarded by the condition.
    private var waited: Int32?

    var status: Int32? { condition.withLock { waited } }

    func collect(_ child: pid_t) {
        Thread.detachNewThread { [self] in
            var information = siginfo_t()
            // First without collecting it: until then its number is nobody else's, and signals may be sent.
            while waitid(P_PID, id_t(child), &information, WEXITED | WNOWAIT) != 0, errno == EINTR {}
            condition.withLock {
                var status: Int32 = 0
                while waitpid(child, &status, 0) != child, errno == EINTR {}
                waited = status
                condition.broadcast()
            }
        }
    }

    func ifRunning(_ work: () -> Void) {
        condition.withLock { if waited == nil { work() } }
    }

    func wait() -> Int32 {
        condition.withLock {
            while true {
                if let waited { return waited }
                condition.wait()
            }
        }
    }
}
