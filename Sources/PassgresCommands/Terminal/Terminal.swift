import Glibc

/// One of the two streams a person or a script reads.
package struct Terminal: Sendable {
    package static let standardOutput = Terminal(file: STDOUT_FILENO)
    package static let standardError = Terminal(file: STDERR_FILENO)

    private let file: Int32

    /// Whether a person looks at it.
    var isInteractive: Bool { isatty(file) == 1 }

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
