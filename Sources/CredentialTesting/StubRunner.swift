public import CommandCredentials
public import TokenCredentials

/// Answers every command by a closure, however many there are, and finds every program.
public final class StubRunner: CommandRunner {
    /// What answers a command.
    public typealias Answer = @Sendable (Command) async throws(CommandError) -> CommandOutput

    private let answer: Answer

    /// Answers every command by a closure.
    public init(_ answer: @escaping Answer) {
        self.answer = answer
    }

    /// Answers every command with the same outcome.
    public convenience init(_ outcome: Result<CommandOutput, CommandError>) {
        // A function and not a closure: the compiler cannot yet lower that closure.
        @Sendable func answer(_ command: Command) async throws(CommandError) -> CommandOutput { try outcome.get() }
        self.init(answer)
    }

    /// Never answers: whoever runs a command waits until the task is cancelled.
    public static var silent: StubRunner {
        @Sendable func answer(_ command: Command) async throws(CommandError) -> CommandOutput {
            await untilCancelled()
            throw .cancelled
        }
        return StubRunner(answer)
    }

    /// The path itself, or one in `/usr/bin`.
    public func location(of name: String, in environment: ProcessEnvironment) -> ProgramLocation {
        .found(name.hasPrefix("/") ? name : "/usr/bin/\(name)")
    }

    /// Answers.
    public func run(_ command: Command) async throws(CommandError) -> CommandOutput {
        try await answer(command)
    }
}
