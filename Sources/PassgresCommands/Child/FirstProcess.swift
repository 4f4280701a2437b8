import CProcessStart
import Glibc

/// What the first process of a container owes (pid_namespaces(7)): every process that loses its parent becomes its
/// child, and a signal that it does not handle is lost.
///
/// The tool does its work in a second process. The first only collects what has ended, so that it takes the end of no
/// program from the one who waits for it, and passes signals on.
enum FirstProcess {
    /// In the first process, goes on in a second one and ends as that one ends; anywhere else nothing happens.
    ///
    /// Only while there is one thread. Where there can be no second process, the first one does the work.
    static func standAside() {
        guard getpid() == 1 else { return }
        var (all, before) = (sigset_t(), sigset_t())
        sigfillset(&all)
        pthread_sigmask(SIG_BLOCK, &all, &before)
        // Ignored, the end of a child could not be waited for.
        signal(SIGCHLD, SIG_DFL)
        let worker = token_fork()
        guard worker > 0 else {
            pthread_sigmask(SIG_SETMASK, &before, nil)
            return
        }
        while true {
            var information = siginfo_t()
            let number = sigwaitinfo(&all, &information)
            if number == SIGCHLD {
                collect(until: worker)
            } else if number > 0, information.si_code <= 0 {
                // What the terminal sent, it sent to the worker too: the kernel's own codes are above zero.
                kill(worker, number)
            }
        }
    }

    /// Collects every child that has ended, and ends with the worker.
    private static func collect(until worker: pid_t) {
        var status: Int32 = 0
        while true {
            let child = waitpid(-1, &status, WNOHANG)
            guard child > 0 else { return }
            if child == worker { _exit(ChildProcess.exitStatus(of: status)) }
        }
    }
}
