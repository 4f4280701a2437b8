import CredentialTesting
import Glibc
import TokenCredentials

/// Tells when all processes of a script have ended: each of them holds one end of a pipe, and the test the other.
final class Processes: Sendable {
    /// What a script begins with, so that it and all it starts take part; what it writes to descriptor 9 is read here.
    let joining: String
    private let end: Int32
    private let text = Guarded<[UInt8]>([])

    /// Makes the pipe in a directory of the test's.
    init(in scratch: ScratchDirectory) throws {
        let path = "\(scratch.path)/processes"
        guard mkfifo(path, 0o600) == 0 else { throw PipeError(code: errno) }
        // Not blocking, so that it is there before the first script is; and no business of the scripts'.
        end = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        guard end >= 0 else { throw PipeError(code: errno) }
        joining = "exec 9>'\(path)'; "
    }

    deinit {
        close(end)
    }

    /// Waits until that many numbers have been written, and returns them; fewer if every writer has ended before.
    func numbers(_ count: Int) async -> [pid_t] {
        _ = await read { $0.last == UInt8(ascii: "\n") && Self.numbers(in: $0).count >= count }
        return text.withLock { Self.numbers(in: $0) }
    }

    /// Waits until every process that took part has ended; `false` if one is still there after a minute.
    func haveEnded() async -> Bool { await read { _ in false } }

    /// Reads until there is enough; returns whether nobody is left who could write.
    private func read(until isEnough: @escaping @Sendable ([UInt8]) -> Bool) async -> Bool {
        await onOwnThread { [self] in
            var block = [UInt8](repeating: 0, count: 4096)
            while !text.withLock({ isEnough($0) }) {
                var waiting = pollfd(fd: end, events: Int16(POLLIN), revents: 0)
                // Before the first writer has come this waits, too.
                guard poll(&waiting, 1, 60_000) > 0 else { return false }
                let count = Glibc.read(end, &block, block.count)
                if count == 0 { return true }
                if count > 0 { text.withLock { [bytes = block[..<count]] in $0 += bytes } }
            }
            return false
        }
    }

    private static func numbers(in text: [UInt8]) -> [pid_t] {
        String(decoding: text, as: UTF8.self).split(whereSeparator: \.isWhitespace).compactMap { pid_t($0) }
    }

    private struct PipeError: Error {
        let code: Int32
    }
}
