import Glibc
import TokenCredentials

/// Passes on what a program writes to standard error, and keeps the end of it.
///
/// Only for a program that nobody talks to: with a pipe in between, a prompt may overtake a message, and a terminal is
/// none any more.
final class ErrorRelay: Sendable {
    /// What the program writes to; closed once it has been handed over.
    let input: Int32
    private let output: Int32
    /// How much is kept, in bytes.
    private static let most = 1 << 16

    init() throws {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0, ends.allSatisfy({ fcntl($0, F_SETFD, FD_CLOEXEC) == 0 }) else {
            throw CommandFailure(.inputOutput, "making a pipe: \(SystemError.text(of: errno))")
        }
        (output, input) = (ends[0], ends[1])
    }

    /// Passes on until the program and whoever inherited its standard error have ended; returns the end of it.
    ///
    /// Blocks: to be called on a thread of its own, after `input` was closed here.
    func words() -> [UInt8] {
        defer { close(output) }
        var kept: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 14)
        while true {
            let count = read(output, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return kept }
            Terminal.standardError.write(buffer[..<count])
            kept = (kept + buffer[..<count]).suffix(Self.most)
        }
    }
}
