/// How a program ended and what it wrote.
///
/// Printing or dumping it shows lengths only: the output may be a secret.
public struct CommandOutput: Hashable, Sendable {
    /// How a program ends.
    public enum Ending: Hashable, Sendable {
        /// By itself, with this status.
        case exited(Int32)
        /// By this signal.
        case signalled(Int32)
    }

    /// How the program ended.
    public let ending: Ending
    /// What it wrote to its standard output.
    public let output: [UInt8]
    /// What it wrote to its standard error, unless that was shown to the user.
    public let errorOutput: [UInt8]

    /// Makes an output of bytes.
    public init(ending: Ending, output: [UInt8], errorOutput: [UInt8] = []) {
        self.ending = ending
        self.output = output
        self.errorOutput = errorOutput
    }

    /// Makes an output of texts, as a test does.
    public init(_ output: String, errorOutput: String = "", status: Int32 = 0) {
        self.init(ending: .exited(status), output: Array(output.utf8), errorOutput: Array(errorOutput.utf8))
    }

    /// Whether the program ended by itself with status 0.
    public var isSuccess: Bool { ending == .exited(0) }
}

extension CommandOutput.Ending: CustomStringConvertible {
    /// In words, as in `"exit status 1"`.
    public var description: String {
        switch self {
        case .exited(let status): "exit status \(status)"
        case .signalled(let signal): "signal \(signal)"
        }
    }
}

extension CommandOutput: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The ending and how many bytes were written.
    public var description: String {
        "CommandOutput(\(ending), \(output.count) bytes of output, \(errorOutput.count) bytes of errors)"
    }

    /// The same as ``description``.
    public var debugDescription: String { description }

    /// The ending and how many bytes were written.
    public var customMirror: Mirror {
        Mirror(
            self,
            children: ["ending": ending, "output": output.count, "errorOutput": errorOutput.count],
            displayStyle: .struct)
    }
}
