import Glibc
import TokenCredentials

/// A secret on standard input: typed without an echo at a terminal, everything up to the end elsewhere.
struct SecretInput: Sendable {
    /// The most bytes taken.
    let limit: Int
    /// How long it may take.
    let seconds: Double

    /// Reads it.
    ///
    /// Throws ``CommandFailure`` for no text, too much of it, and Ctrl-C.
    func read(prompt: String) async throws -> String {
        let bytes = try await onOwnThread { () throws -> [UInt8] in
            guard isatty(STDIN_FILENO) == 1 else { return try everything() }
            return try SilentTerminal.during(prompt: prompt, typed)
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw CommandFailure(.usage, "what came on standard input is no UTF-8 text")
        }
        return text
    }

    /// Without the line break that most programs and people end a text with.
    private func everything() throws -> [UInt8] {
        var bytes: [UInt8] = []
        let end = ContinuousClock.now + .seconds(seconds)
        while let byte = try next(until: end) {
            bytes.append(byte)
            guard bytes.count <= limit + 2 else {
                throw CommandFailure(.usage, "more than \(limit) bytes came on standard input")
            }
        }
        if bytes.last == 0x0A { bytes.removeLast() }
        if bytes.last == 0x0D { bytes.removeLast() }
        return bytes
    }

    /// A line, with the keys that end a line, take back a character or all of them, and end or stop the program.
    ///
    /// The terminal sends no signals meanwhile, so that their keys are read here.
    private func typed() throws -> [UInt8] {
        var bytes: [UInt8] = []
        let end = ContinuousClock.now + .seconds(seconds)
        while let byte = try next(until: end) {
            switch byte {
            case 0x0A, 0x0D, 0x04: return bytes
            case 0x03, 0x1C: throw CommandFailure(.interrupted, "interrupted")
            case 0x08, 0x7F:
                while let last = bytes.popLast(), last & 0xC0 == 0x80 {}
            case 0x15: bytes = []
            case 0x1A: SilentTerminal.suspend()
            default: bytes.append(byte)
            }
            guard bytes.count <= limit else { throw CommandFailure(.usage, "more than \(limit) bytes were typed") }
        }
        // A part of a secret is none.
        throw CommandFailure(.inputOutput, "the terminal is gone")
    }

    /// The next byte; `nil` at the end.
    private func next(until end: ContinuousClock.Instant) throws -> UInt8? {
        while true {
            let left = max(0, (end - ContinuousClock.now).milliseconds)
            var file = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
            let ready = poll(&file, 1, Int32(clamping: left))
            if ready == 0 {
                throw CommandFailure(.temporary, "no secret came within \(DeadlinePassed.shown(seconds)) (--timeout)")
            }
            var byte: UInt8 = 0
            let count = ready > 0 ? Glibc.read(STDIN_FILENO, &byte, 1) : -1
            if count == 1 { return byte }
            if count == 0 { return nil }
            guard errno == EINTR || errno == EAGAIN else {
                throw CommandFailure(.inputOutput, "standard input cannot be read")
            }
        }
    }
}
