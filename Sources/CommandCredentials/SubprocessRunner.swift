import Subprocess
import SystemPackage
public import TokenCredentials

/// Runs programs of this machine, each in a process group of its own that is ended as a whole.
///
/// A program that makes itself the leader of another session leaves its group, and is then out of reach.
public struct SubprocessRunner: CommandRunner {
    private enum Finding: Sendable {
        case ended(Result<CommandOutput, CommandError>)
        case timeIsUp
    }

    /// Makes a runner; all are the same.
    public init() {}

    /// Looks for a program on the `PATH` of an environment, or at an absolute path; see ``ProgramFinder``.
    public func location(of name: String, in environment: ProcessEnvironment) -> ProgramLocation {
        guard name.hasPrefix("/") else { return ProgramFinder(path: environment["PATH"]).location(of: name) }
        return ProgramFinder.obstacle(toRunning: name).map { .notFound(passedOver: ["\(name) \($0)"]) } ?? .found(name)
    }

    /// Runs a program to its end, to its time limit or until the task is cancelled.
    public func run(_ command: Command) async throws(CommandError) -> CommandOutput {
        try Self.check(command)
        guard !Task.isCancelled else { throw .cancelled }
        let group = ProcessGroup()
        let limit = WaitRecord.remaining(of: command.timeLimit)
        let result = await WaitRecord.waiting(for: command.program) {
            await Self.ending(of: command, within: limit, in: group)
        }
        group.end()
        guard !Task.isCancelled else { throw .cancelled }
        if case .failure(let error) = result { WaitRecord.note(error: "\(command.program) \(error)") }
        return try result.get()
    }

    private static func ending(
        of command: Command, within limit: Duration, in group: ProcessGroup
    ) async -> Result<CommandOutput, CommandError> {
        await withTaskGroup(of: Finding.self) { tasks -> Result<CommandOutput, CommandError> in
            tasks.addTask { .ended(await Self.result(of: command, in: group)) }
            tasks.addTask {
                try? await Task.sleep(for: limit)
                return .timeIsUp
            }
            var result = Result<CommandOutput, CommandError>.failure(.timedOut(after: limit))
            if case .ended(let ended)? = await tasks.next() { result = ended }
            // Ends the program, or the wait for its time limit.
            tasks.cancelAll()
            await tasks.waitForAll()
            return result
        }
    }

    private static func result(of command: Command, in group: ProcessGroup) async -> Result<CommandOutput, CommandError>
    {
        do {
            switch (command.input, command.errorOutput) {
            case (nil, .kept):
                return .success(
                    try await output(of: command, in: group, input: .none, errors: .bytes(limit: command.outputLimit)))
            case (nil, .shown):
                return .success(try await output(of: command, in: group, input: .none, errors: .currentStandardError))
            case (let text?, .kept):
                return .success(
                    try await output(
                        of: command, in: group, input: try InputPipe.filled(with: text),
                        errors: .bytes(limit: command.outputLimit)))
            case (let text?, .shown):
                return .success(
                    try await output(
                        of: command, in: group, input: try InputPipe.filled(with: text), errors: .currentStandardError))
            }
        } catch let error as CommandError {
            return .failure(error)
        } catch let error as SubprocessError {
            return .failure(CommandError(error, limit: command.outputLimit))
        } catch {
            return .failure(.interrupted("\(type(of: error))"))
        }
    }

    private static func output<Errors: ErrorOutputProtocol>(
        of command: Command, in group: ProcessGroup, input: some InputProtocol, errors: Errors
    ) async throws -> CommandOutput {
        var options = PlatformOptions()
        options.processGroupID = 0
        options.teardownSequence = [
            .send(signal: .terminate, toProcessGroup: true, allowedDurationToNextStep: .milliseconds(200))
        ]
        let variables = Dictionary(
            command.variables.compactMap { name, value in Environment.Key(rawValue: name).map { ($0, value) } },
            uniquingKeysWith: { $1 })
        let start = ProgramStart()
        defer { start.isOver() }
        let result = try await Subprocess.run(
            .path(FilePath(command.program)), arguments: Arguments(command.arguments),
            environment: .custom(variables), workingDirectory: "/", platformOptions: options, input: input,
            output: .bytes(limit: command.outputLimit), error: errors
        ) { execution in
            group.begin(execution.processIdentifier.value)
            start.isOver()
        }
        let ending: CommandOutput.Ending =
            switch result.terminationStatus {
            case .exited(let status): .exited(status)
            case .signaled(let signal): .signalled(signal)
            }
        return CommandOutput(
            ending: ending, output: result.standardOutput, errorOutput: result.standardError as? [UInt8] ?? [])
    }

    private static func check(_ command: Command) throws(CommandError) {
        guard command.program.hasPrefix("/") else { throw .notStarted("its path is not absolute") }
        let texts = [command.program] + command.arguments + command.variables.flatMap { [$0.key, $0.value] }
        guard !texts.contains(where: { $0.utf8.contains(0) }) else {
            throw .notStarted("its path, an argument or a variable holds a zero byte")
        }
        guard !command.variables.keys.contains(where: { $0.isEmpty || $0.utf8.contains(UInt8(ascii: "=")) }) else {
            throw .notStarted("the name of a variable is empty or holds an equals sign")
        }
    }
}

extension CommandError {
    fileprivate init(_ error: SubprocessError, limit: Int) {
        let reason = error.underlyingError.map { SystemError.text(of: $0.rawValue) }
        switch error.code {
        case .outputLimitExceeded: self = .outputTooLong(limit: limit)
        case .executableNotFound: self = .notStarted(reason ?? "it, or the program that interprets it, does not exist")
        case .spawnFailed, .failedToChangeWorkingDirectory: self = .notStarted(reason ?? "the system refused")
        default: self = .interrupted(reason ?? "the system gave no reason")
        }
    }
}
