public import CommandCredentials
public import TokenCredentials

/// Answers commands from a list, in order, and remembers them.
///
/// A command beyond the list is an error.
public final class ScriptedRunner: CommandRunner {
    /// What one command is answered with.
    public typealias Answer = @Sendable (Command) async throws(CommandError) -> CommandOutput

    private struct State {
        var answers: [Answer]
        var commands: [Command] = []
    }

    private let programs: [String: String]
    private let state: Guarded<State>

    /// Knows the programs given, by name, and answers with each of the closures once, in order.
    public init(programs: [String: String], answers: [Answer]) {
        self.programs = programs
        state = Guarded(State(answers: answers))
    }

    /// Knows the programs given, by name, and answers with each of the outcomes once, in order.
    public convenience init(programs: [String: String], _ outcomes: Result<CommandOutput, CommandError>...) {
        self.init(programs: programs, answers: outcomes.map(Self.always))
    }

    private static func always(_ outcome: Result<CommandOutput, CommandError>) -> Answer {
        // A function and not a closure: the compiler cannot yet lower that closure.
        @Sendable func answer(_ command: Command) async throws(CommandError) -> CommandOutput { try outcome.get() }
        return answer
    }

    /// The commands run so far, in order.
    public var commands: [Command] { state.withLock { $0.commands } }

    /// How many answers nobody has asked for yet.
    public var unused: Int { state.withLock { $0.answers.count } }

    /// Finds a program among those given.
    public func location(of name: String, in environment: ProcessEnvironment) -> ProgramLocation {
        programs[name].map { .found($0) } ?? .notFound(passedOver: [])
    }

    /// Answers with the next of the list.
    public func run(_ command: Command) async throws(CommandError) -> CommandOutput {
        let answer = state.withLock { state -> Answer? in
            state.commands.append(command)
            return state.answers.isEmpty ? nil : state.answers.removeFirst()
        }
        guard let answer else { throw .interrupted("the test expected no further command") }
        return try await answer(command)
    }
}
