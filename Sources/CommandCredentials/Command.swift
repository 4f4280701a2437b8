/// A program to run: without a shell, in the root directory, with nothing but what is named here.
public struct Command: Hashable, Sendable {
    /// What becomes of what the program writes to its standard error.
    public enum ErrorOutput: Hashable, Sendable {
        /// It is kept, up to the limit, and belongs to the output.
        case kept
        /// It is passed on to the standard error of this process while the program runs, for a person to read.
        case shown
    }

    /// The program's absolute path.
    public var program: String
    /// The arguments after the program's name.
    ///
    /// Other users of the machine can read them: never a secret.
    public var arguments: [String]
    /// All the variables the program gets.
    public var variables: [String: String]
    /// The text on its standard input, 64 KiB at most; `nil` for an empty one.
    public var input: String?
    /// How long it may run before it is ended, with everything it started.
    public var timeLimit: Duration
    /// How many bytes it may write to each of its two outputs before it is ended.
    public var outputLimit: Int
    /// What becomes of what it writes to its standard error.
    public var errorOutput: ErrorOutput

    /// Describes a run.
    ///
    /// The time limit is 20 seconds and the output limit 1 MiB unless said otherwise.
    public init(
        _ program: String, _ arguments: [String] = [], variables: [String: String] = [:], input: String? = nil,
        timeLimit: Duration = .seconds(20), outputLimit: Int = 1_048_576, errorOutput: ErrorOutput = .kept
    ) {
        self.program = program
        self.arguments = arguments
        self.variables = variables
        self.input = input
        self.timeLimit = timeLimit
        self.outputLimit = outputLimit
        self.errorOutput = errorOutput
    }
}

extension Command: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The program and how many arguments and variables it gets; never a value of a variable, nor the input.
    public var description: String {
        "Command(\(program), \(arguments.count) arguments, \(variables.count) variables)"
    }

    /// The same as ``description``.
    public var debugDescription: String { description }

    /// Everything but the variables' values and the input.
    public var customMirror: Mirror {
        Mirror(
            self,
            children: [
                "program": program, "arguments": arguments, "variables": variables.keys.sorted(),
                "timeLimit": timeLimit, "outputLimit": outputLimit,
            ],
            displayStyle: .struct)
    }
}
