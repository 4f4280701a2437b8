import Glibc
import Synchronization
import TokenCredentials

/// One of the two streams a person or a script reads.
package struct Terminal: Sendable {
    package static let standardOutput = Terminal(file: STDOUT_FILENO)
    package static let standardError = Terminal(file: STDERR_FILENO)

    /// The error by which a part of the result was lost; 0 as long as none was.
    private static let lostBy = Atomic<Int32>(0)

    private let file: Int32

    /// Whether a person looks at it.
    var isInteractive: Bool { isatty(file) == 1 }

    /// How many columns and rows it has; `nil` if it is no terminal or does not say.
    var size: (columns: Int, rows: Int)? {
        var size = winsize()
        guard ioctl(file, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0 else { return nil }
        return (Int(size.ws_col), Int(size.ws_row))
    }

    /// Whether it shows colours and takes back what was written: where a person looks and has not said no.
    var isStyled: Bool {
        let environment = ProcessEnvironment.current
        return isInteractive && environment["NO_COLOR"] == nil && environment["TERM"] != "dumb"
    }

    /// Writes a text for a person, all of it unless the reader has gone.
    ///
    /// Nothing in it but a line end moves the cursor, whoever's words it repeats. What cannot be written of the result
    /// decides how the tool ends; see ``outputFailure``.
    package func write(_ text: String) { write(exactly: text.printableLines) }

    /// The same for what has to arrive as it is: what a program reads, and what moves the cursor on purpose.
    package func write(exactly text: String) { write(Array(text.utf8)[...]) }

    /// The same for bytes.
    func write(_ bytes: ArraySlice<UInt8>) {
        let bytes = Array(bytes)
        var written = 0
        while written < bytes.count {
            let count = bytes[written...].withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
            if count < 0 {
                guard mayGoOn(after: errno) else { return }
            }
            written += max(0, count)
        }
    }

    private func mayGoOn(after code: Int32) -> Bool {
        switch code {
        case EINTR: return true
        case EAGAIN:
            // Whoever shares the stream with us has asked not to be made to wait.
            var wanted = pollfd(fd: file, events: Int16(POLLOUT), revents: 0)
            return poll(&wanted, 1, -1) >= 0 || errno == EINTR
        case EPIPE: return false
        default:
            if file == STDOUT_FILENO { Self.lostBy.store(code, ordering: .sequentiallyConsistent) }
            return false
        }
    }

    /// Why a part of the result could not be written; `nil` if all of it was, or if its reader went away.
    static var outputFailure: CommandFailure? {
        let code = lostBy.load(ordering: .sequentiallyConsistent)
        return code == 0
            ? nil : CommandFailure(.inputOutput, "writing to standard output: \(SystemError.text(of: code))")
    }
}
