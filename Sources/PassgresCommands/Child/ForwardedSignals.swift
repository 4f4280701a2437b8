import Glibc

/// The signals that are passed on to a program.
enum ForwardedSignals {
    private static let numbers = [SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2]

    static var set: sigset_t {
        var set = sigset_t()
        sigemptyset(&set)
        for number in numbers { sigaddset(&set, number) }
        return set
    }

    /// Keeps the signals for the thread that passes them on. To be called before there is any other thread.
    static func hold() {
        var signals = set
        pthread_sigmask(SIG_BLOCK, &signals, nil)
    }

    /// Passes every such signal on to a process, on a thread of its own, until this process ends.
    ///
    /// What the terminal sent, it sent to the program too; only what another process sent to us alone is passed on.
    static func forward(to child: pid_t) {
        let argument = UnsafeMutablePointer<pid_t>.allocate(capacity: 1)
        argument.initialize(to: child)
        var thread = pthread_t()
        let code = pthread_create(
            &thread, nil,
            { argument in
                guard let argument else { return nil }
                let child = argument.load(as: pid_t.self)
                argument.deallocate()
                var signals = ForwardedSignals.set
                while true {
                    var info = siginfo_t()
                    let number = sigwaitinfo(&signals, &info)
                    // The kernel's own codes are above zero; those of kill and its kin are not.
                    if number > 0, info.si_code <= 0 { kill(child, number) }
                }
            }, argument)
        if code == 0 { pthread_detach(thread) } else { argument.deallocate() }
    }
}
