/// What is wrong with a line of a connection or service file. Quotes nothing of it.
package struct ConnectionFinding: Hashable, Sendable, CustomStringConvertible {
    package let file: String
    /// Counted from 1.
    package let line: Int
    /// One sentence, lower-case start.
    package let problem: String

    /// As compilers write it, so that editors lead to the place.
    package var description: String { "\(file):\(line): error: \(problem)" }
}
