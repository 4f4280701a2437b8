import Glibc
import Synchronization
import TokenCredentials

/// Passes on what a program writes to its standard error, and keeps the end of it.
///
/// What a terminal would take for a command is passed on as `\u001b`; line ends and tabs stay.
///
/// The program gets a pipe and not the standard error of this process: a process that it leaves behind would keep that
/// open for whoever reads it to its end.
package final class ErrorRelay: Sendable {
    private let errors: Pipe
    /// At its end from the program's end on.
    private let life: Pipe
    /// How much is kept, and how much a pipe holds (pipe(7)), in bytes.
    private static let most = 1 << 16
    /// What the system writes to a pipe in one piece: as soon as there is room, it does not wait.
    private static let piece = Int(PIPE_BUF)
    /// How long the rest may wait for somebody to read it, in milliseconds.
    private static let patience: Int32 = 200

    /// Makes the pipe.
    ///
    /// Throws ``CommandError/exhausted(_:)`` where the system has none.
    package init() throws(CommandError) {
        errors = try Pipe()
        life = try Pipe()
        _ = fcntl(errors.output, F_SETFL, O_NONBLOCK)
    }

    /// What the program writes to.
    package var input: Int32 { errors.input }

    /// Closes this process's end of what the program writes to, once the program has it or cannot be started.
    package func closeInput() { errors.closeInput() }

    /// Says that the program has ended: what it wrote until now is passed on, and nothing that comes later.
    package func programHasEnded() { life.closeInput() }

    /// Passes on until the program has ended, or nobody can write any more; returns the end of it.
    ///
    /// Blocks: to be called on a thread of its own.
    package func words() -> [UInt8] {
        var kept: [UInt8] = []
        var shown = ShownText()
        defer { if !shown.rest.isEmpty { _ = Glibc.write(STDERR_FILENO, shown.rest, shown.rest.count) } }
        var buffer = [UInt8](repeating: 0, count: Self.piece)
        var hasEnded = false
        // A pipe holds no more; what is read beyond came from what the program left behind.
        var rest = Self.most
        while rest > 0 {
            let count = read(errors.output, &buffer, buffer.count)
            if count > 0 {
                pass(shown.text(with: buffer[..<count]), &hasEnded)
                if hasEnded { rest -= count }
                kept = (kept + buffer[..<count]).suffix(Self.most)
            } else if count == 0 || errno != EAGAIN && errno != EINTR {
                return kept
            } else if errno == EAGAIN {
                if hasEnded { return kept }
                hasEnded = wait(for: errors.output, POLLIN)
            }
        }
        return kept
    }

    /// Writes to the standard error of this process; after the program's end nobody waits long for its reader.
    private func pass(_ bytes: [UInt8], _ hasEnded: inout Bool) {
        for start in stride(from: 0, to: bytes.count, by: Self.piece) {
            if !hasEnded { hasEnded = wait(for: STDERR_FILENO, POLLOUT) }
            if hasEnded {
                var target = pollfd(fd: STDERR_FILENO, events: Int16(POLLOUT), revents: 0)
                guard poll(&target, 1, Self.patience) > 0 else { return }
            }
            let piece = Array(bytes[start..<min(bytes.count, start + Self.piece)])
            while Glibc.write(STDERR_FILENO, piece, piece.count) < 0, errno == EINTR {}
        }
    }

    /// Waits until a file is ready or the program has ended; returns whether that is so.
    private func wait(for file: Int32, _ event: Int32) -> Bool {
        var files = [
            pollfd(fd: file, events: Int16(event), revents: 0),
            pollfd(fd: life.output, events: Int16(POLLIN), revents: 0),
        ]
        while poll(&files, 2, -1) < 0, errno == EINTR {}
        return files[1].revents != 0
    }
}

/// A program's text in pieces, as a terminal may show it.
private struct ShownText {
    /// The beginning of a character whose end has not come yet.
    private(set) var rest: [UInt8] = []

    mutating func text(with bytes: ArraySlice<UInt8>) -> [UInt8] {
        let all = rest + bytes
        let whole = all.count - Self.lengthOfRest(all)
        rest = Array(all[whole...])
        let fields = String(decoding: all[..<whole], as: UTF8.self)
            .split(separator: "\t", omittingEmptySubsequences: false)
        return Array(fields.map(\.printableLines).joined(separator: "\t").utf8)
    }

    /// How many bytes at the end begin a character of UTF-8 and do not end it (RFC 3629, section 3).
    private static func lengthOfRest(_ bytes: [UInt8]) -> Int {
        for (index, byte) in bytes.enumerated().suffix(3).reversed() where byte >= 0xC0 {
            let length = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : 2
            return bytes.count - index < length ? bytes.count - index : 0
        }
        return 0
    }
}

/// A pipe that no program inherits, and that is gone with its owner.
private final class Pipe: Sendable {
    let output: Int32
    let input: Int32
    private let isInputOpen = Atomic(true)

    init() throws(CommandError) {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw CommandError(refusedBy: errno) }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        (output, input) = (ends[0], ends[1])
    }

    deinit {
        closeInput()
        close(output)
    }

    func closeInput() {
        if isInputOpen.exchange(false, ordering: .sequentiallyConsistent) { close(input) }
    }
}
