import Glibc
import Synchronization

/// The terminal at standard input while a secret is typed: it shows nothing and sends no signals.
///
/// A signal that ends or stops this program gives it back as it was first. All that a handler needs is made beforehand,
/// since a handler may neither lock nor ask for memory.
enum SilentTerminal {
    private static let ends = [SIGHUP, SIGINT, SIGQUIT, SIGTERM]
    nonisolated(unsafe) private static let usual = UnsafeMutablePointer<termios>.allocate(capacity: 1)
    nonisolated(unsafe) private static let silent = UnsafeMutablePointer<termios>.allocate(capacity: 1)
    /// What each signal did before, by its number.
    nonisolated(unsafe) private static let earlier = UnsafeMutablePointer<sigaction>.allocate(capacity: 65)
    nonisolated(unsafe) private static let stop = UnsafeMutablePointer<sigaction>.allocate(capacity: 1)
    private static let longestPrompt = 512
    nonisolated(unsafe) private static let prompt = UnsafeMutablePointer<UInt8>.allocate(capacity: longestPrompt)
    private static let promptLength = Atomic(0)
    /// Whether silence is wanted, and whether it is there: it is not while the program is stopped.
    private static let isWanted = Atomic(false)
    private static let isSilent = Atomic(false)

    /// Shows a prompt, and reads while nothing is shown; one caller at a time.
    ///
    /// Throws ``CommandFailure`` if there is no terminal, and what `read` throws.
    static func during<Value>(prompt text: String, _ read: () throws -> Value) throws -> Value {
        guard tcgetattr(STDIN_FILENO, usual) == 0 else { throw CommandFailure(.inputOutput, "the terminal is gone") }
        silent.pointee = usual.pointee
        silent.pointee.c_lflag &= ~tcflag_t(ECHO | ICANON | ISIG)
        let bytes = Array(text.utf8.prefix(longestPrompt))
        prompt.update(from: bytes, count: bytes.count)
        promptLength.store(bytes.count, ordering: .sequentiallyConsistent)
        isWanted.store(true, ordering: .sequentiallyConsistent)
        let handled = takeSignals()
        hide()
        defer {
            isWanted.store(false, ordering: .sequentiallyConsistent)
            show()
            for number in handled { sigaction(number, earlier + Int(number), nil) }
            Terminal.standardError.write("\n")
        }
        return try read()
    }

    /// Stops this program and whoever belongs to its job, as the terminal would on the same key.
    static func suspend() { kill(0, SIGTSTP) }

    /// Returns those that were not ignored: whoever started the tool wants the others to do nothing.
    private static func takeSignals() -> [Int32] {
        var end = sigaction()
        end.sa_flags = SA_NODEFER
        end.__sigaction_handler.sa_handler = { number in
            SilentTerminal.show()
            if number == SIGQUIT {
                // The runtime would draw up a report, and ask what more of this program's memory to show.
                signal(number, SIG_DFL)
            } else {
                sigaction(number, SilentTerminal.earlier + Int(number), nil)
            }
            raise(number)
        }
        stop.pointee = sigaction()
        stop.pointee.sa_flags = SA_NODEFER
        stop.pointee.__sigaction_handler.sa_handler = { number in
            let code = errno
            SilentTerminal.show()
            sigaction(number, SilentTerminal.earlier + Int(number), nil)
            raise(number)
            // From here on the program goes on.
            sigaction(number, SilentTerminal.stop, nil)
            SilentTerminal.hide()
            errno = code
        }
        var handled: [Int32] = []
        for number in ends where !Signals.isIgnored(number) {
            sigaction(number, &end, earlier + Int(number))
            handled.append(number)
        }
        if !Signals.isIgnored(SIGTSTP) {
            sigaction(SIGTSTP, stop, earlier + Int(SIGTSTP))
            handled.append(SIGTSTP)
        }
        return handled
    }

    /// Shows nothing from now on, and says what to type; in the background, it waits until it is in front.
    private static func hide() {
        guard isWanted.load(ordering: .sequentiallyConsistent) else { return }
        isSilent.store(true, ordering: .sequentiallyConsistent)
        while tcsetattr(STDIN_FILENO, TCSAFLUSH, silent) != 0, errno == EINTR {}
        // Whoever reads may have given up meanwhile.
        guard isWanted.load(ordering: .sequentiallyConsistent) else { return show() }
        _ = write(STDERR_FILENO, prompt, promptLength.load(ordering: .sequentiallyConsistent))
    }

    /// Gives the terminal back, unless that was done or another job has it, for which the shell has seen to it.
    private static func show() {
        guard isSilent.exchange(false, ordering: .sequentiallyConsistent), tcgetpgrp(STDIN_FILENO) == getpgrp() else {
            return
        }
        while tcsetattr(STDIN_FILENO, TCSAFLUSH, usual) != 0, errno == EINTR {}
    }
}
