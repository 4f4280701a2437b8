import Glibc
import TokenCredentials

/// One of the two streams a person or a script reads.
package struct Terminal: Sendable {
    package static let standardOutput = Terminal(file: STDOUT_FILENO)
    package static let standardError = Terminal(file: STDERR_FILENO)

    private let file: Int32

    /// Whether a person looks at it.
    var isInteractive: Bool { isatty(file) == 1 }

    /// Whether text on it may move or be taken back: there is a terminal that can, and nobody has asked it not to.
    func mayMove(_ environment: ProcessEnvironment = .current) -> Bool {
        isInteractive && environment["NO_COLOR"] == nil && environment["TERM"] != "dumb"
    }

    /// How many columns and rows it has; `nil` if it is no terminal or does not say.
    var size: (columns: Int, rows: Int)? {
        var size = winsize()
        guard ioctl(file, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0 else { return nil }
        return (Int(size.ws_col), Int(size.ws_row))
    }

    /// Writes a text, all of it unless the reader has gone.
    package func write(_ text: String) { write(Array(text.utf8)[...]) }

    /// The same for bytes.
    func write(_ bytes: ArraySlice<UInt8>) {
        let bytes = Array(bytes)
        var written = 0
        while written < bytes.count {
            let count = bytes[written...].withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
            if count < 0, errno != EINTR { return }
            written += max(0, count)
        }
    }
}
