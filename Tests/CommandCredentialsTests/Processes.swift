import CredentialTesting
import Glibc

/// Tells whether processes whose numbers a script wrote down are still there.
enum Processes {
    /// Waits until a script has written a line to a file, and returns the numbers in it.
    static func numbers(in name: String, of scratch: ScratchDirectory, count: Int) async -> [pid_t] {
        for _ in 0..<2000 {
            let numbers = scratch.text(of: name)?.split(whereSeparator: \.isWhitespace).compactMap { pid_t($0) } ?? []
            if numbers.count >= count { return numbers }
            try? await Task.sleep(for: .milliseconds(5))
        }
        return []
    }

    /// Waits, ten seconds at most, until a process has ended; one that only waits for its parent's notice has.
    static func hasEnded(_ process: pid_t) async -> Bool {
        for _ in 0..<2000 {
            if isGone(process) { return true }
            try? await Task.sleep(for: .milliseconds(5))
        }
        return false
    }

    private static func isGone(_ process: pid_t) -> Bool {
        guard let stream = fopen("/proc/\(process)/stat", "re") else { return true }
        defer { fclose(stream) }
        var line = [CChar](repeating: 0, count: 512)
        guard fgets(&line, 512, stream) != nil else { return true }
        let text = String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        // The state follows the name, which stands in parentheses.
        return text.split(separator: ")").last?.trimmingPrefix(" ").first == "Z"
    }
}
