import CommandCredentials
import FoundationEssentials
import TokenCredentials

/// The programs of a scenario and the runs it expects: `commands.json`.
struct ExpectedRuns: Decodable {
    /// Where each program is, by name; any other is not there.
    var programs: [String: String] = [:]
    /// The runs, in order.
    var runs: [ExpectedRun] = []
}

/// One run of a program that a scenario expects, and how it ends.
struct ExpectedRun: Decodable {
    struct Answer: Decodable {
        let status: Int32?
        let signal: Int32?
        let json: JSONValue?
        let output: String?
        let errors: String?
    }

    /// The program and every argument.
    let run: [String]
    /// What it gets on its standard input.
    let input: String?
    /// Variables it must have.
    let variables: [String: String]?
    /// Variables it must not have.
    let withheld: [String]?
    let answer: Answer?
    /// The name of an error, in place of an answer.
    let error: String?

    /// How a command differs from the one expected; `nil` if it does not.
    func objection(to command: Command) -> String? {
        var found = [command.program] + command.arguments
        found += command.input.map { ["input " + $0.filter { $0 != "\n" }] } ?? []
        var expected = run + (input.map { ["input " + $0] } ?? [])
        for (name, value) in (variables ?? [:]).sorted(by: { $0.key < $1.key }) {
            expected.append("\(name)=\(value)")
            found.append("\(name)=\(command.variables[name] ?? "")")
        }
        found += (withheld ?? []).filter { command.variables[$0] != nil }.map { "\($0) is handed on" }
        return Pattern.difference(expected, found)
    }

    /// How the run ends.
    func ending() throws(CommandError) -> CommandOutput {
        switch error {
        case nil: break
        case "timedOut": throw .timedOut(after: .seconds(20))
        case "outputTooLong": throw .outputTooLong(limit: 1_048_576)
        case "notStarted": throw .notStarted("Exec format error")
        case let name?: throw .interrupted("the scenario names an error that is not known: \(name)")
        }
        let output = answer?.json.flatMap { try? JSONEncoder().encode($0) } ?? Data((answer?.output ?? "").utf8)
        return CommandOutput(
            ending: answer?.signal.map { .signalled($0) } ?? .exited(answer?.status ?? 0), output: Array(output),
            errorOutput: Array((answer?.errors ?? "").utf8))
    }
}
