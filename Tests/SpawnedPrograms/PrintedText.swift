import Foundation
import Glibc

/// What comes out of a pipe, read to its end while the program runs, so that a full pipe never holds it up.
public final class PrintedText: @unchecked Sendable {
    private let condition = NSCondition()
    /// Guarded by the condition, as is whether it is all.
    private var data = Data()
    private var isAtEnd = false

    /// Reads a pipe, and closes it at its end.
    init(from file: Int32) {
        read { file }
    }

    /// Reads a named pipe, from when there is somebody at its other end until nobody is.
    public init(from path: String) {
        read { open(path, O_RDONLY | O_CLOEXEC) }
    }

    private func read(_ open: @escaping @Sendable () -> Int32) {
        Thread.detachNewThread { [self] in
            let file = open()
            var block = [UInt8](repeating: 0, count: 65_536)
            var count = 0
            repeat {
                count = Glibc.read(file, &block, block.count)
                if count < 0, errno == EINTR { continue }
                condition.withLock {
                    if count > 0 { data += block.prefix(count) } else { isAtEnd = true }
                    condition.broadcast()
                }
            } while count > 0 || !isAll
            close(file)
        }
    }

    private var isAll: Bool { condition.withLock { isAtEnd } }

    /// All of it.
    public func text() async -> String { await wait { $1 ? String(decoding: $0, as: UTF8.self) : nil } }

    /// What there is as soon as it holds a text, or all of it.
    public func text(upTo end: String) async -> String {
        await wait { data, isAtEnd in
            let text = String(decoding: data, as: UTF8.self)
            return isAtEnd || text.contains(end) ? text : nil
        }
    }

    /// The first line, once it is whole.
    public func firstLine() async -> String {
        await wait { data, isAtEnd in
            if let end = data.firstIndex(of: 10) { return String(decoding: data[..<end], as: UTF8.self) }
            return isAtEnd ? String(decoding: data, as: UTF8.self) : nil
        }
    }

    /// All of it; blocks until then.
    func waitForAll() -> Data {
        condition.withLock {
            while !isAtEnd { condition.wait() }
            return data
        }
    }

    private func wait(_ found: @escaping @Sendable (Data, Bool) -> String?) async -> String {
        await withCheckedContinuation { continuation in
            Thread.detachNewThread { [self] in
                let text = condition.withLock {
                    while true {
                        if let text = found(data, isAtEnd) { return text }
                        condition.wait()
                    }
                }
                continuation.resume(returning: text)
            }
        }
    }
}
