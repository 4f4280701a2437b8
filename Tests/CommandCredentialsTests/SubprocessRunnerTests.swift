import CommandCredentials
import CredentialTesting
import Glibc
import Testing

@Suite struct `A subprocess runner` {
    let runner = SubprocessRunner()
    let scratch: ScratchDirectory
    let variables = ["PATH": "/usr/bin:/bin"]

    init() throws {
        scratch = try ScratchDirectory()
    }

    func script(_ body: String) throws -> String { try scratch.writeScript(body, to: "tool") }

    func run(
        _ body: String, _ arguments: [String] = [], input: String? = nil, within limit: Duration = .seconds(60)
    ) async throws -> CommandOutput {
        try await runner.run(
            Command(try script(body), arguments, variables: variables, input: input, timeLimit: limit))
    }

    @Test func `returns status, output and errors`() async throws {
        let output = try await run("echo out; echo err >&2; exit 3")
        #expect(output == CommandOutput("out\n", errorOutput: "err\n", status: 3))
    }

    @Test func `hands arguments on as they are, without a shell`() async throws {
        let output = try await run(
            #"for a in "$@"; do printf '<%s>' "$a"; done"#, ["a b", "$HOME", "`id`", ";", "*", ""])
        #expect(output.output == Array("<a b><$HOME><`id`><;><*><>".utf8))
    }

    @Test func `gives a program the variables named and no other`() async throws {
        let output = try await runner.run(Command("/usr/bin/env", variables: ["A": "1", "B": ""]))
        #expect(Set(String(decoding: output.output, as: UTF8.self).split(separator: "\n")) == ["A=1", "B="])
    }

    @Test func `runs in the root directory with nothing to read`() async throws {
        #expect(try await run("pwd; cat; echo end").output == Array("/\nend\n".utf8))
    }

    @Test func `hands a text to a program that reads it`() async throws {
        let text = String(repeating: "línea\n", count: 2000)
        #expect(try await run("cat", input: text).output == Array(text.utf8))
        #expect(try await run("cat", input: "").output.isEmpty)
    }

    @Test func `outlives programs that do not read their input`() async throws {
        for _ in 0..<20 {
            #expect(try await run("exit 0", input: String(repeating: "x", count: 60_000)).isSuccess)
        }
    }

    @Test func `refuses an input that fits into no pipe`() async throws {
        let command = Command("/bin/cat", input: String(repeating: "x", count: 100_000))
        await #expect(throws: CommandError.notStarted("its input of 100000 bytes does not fit into a pipe")) {
            try await runner.run(command)
        }
    }

    @Test func `loses nothing that a program wrote just before its end`() async throws {
        for _ in 0..<20 {
            let output = try await run("head -c 60000 /dev/zero; head -c 60000 /dev/zero >&2")
            #expect(output.output.count == 60_000)
            #expect(output.errorOutput.count == 60_000)
        }
    }

    @Test func `takes an output of exactly the limit`() async throws {
        #expect(try await run("head -c 1048576 /dev/zero").output.count == 1_048_576)
    }

    @Test(arguments: ["head -c 104857600 /dev/zero", "head -c 104857600 /dev/zero >&2", "yes", "yes >&2"])
    func `ends a program that writes too much`(_ body: String) async throws {
        let processes = try Processes(in: scratch)
        await #expect(throws: CommandError.outputTooLong(limit: 1_048_576)) {
            try await run(processes.joining + body)
        }
        #expect(await processes.haveEnded())
    }

    @Test func `ends a program and its children at the time limit`() async throws {
        let processes = try Processes(in: scratch)
        let start = ContinuousClock.now
        await #expect(throws: CommandError.timedOut(after: .seconds(2))) {
            try await run(processes.joining + "sleep 600 & echo $$ $! >&9; wait", within: .seconds(2))
        }
        #expect(ContinuousClock.now - start < .seconds(30))
        #expect(await processes.haveEnded())
        #expect(await processes.numbers(2).count == 2)
    }

    @Test func `ends a program whose whole family ignores the request to end`() async throws {
        let processes = try Processes(in: scratch)
        await #expect(throws: CommandError.timedOut(after: .seconds(2))) {
            try await run(
                processes.joining
                    + "trap '' TERM; sh -c 'trap \"\" TERM; while :; do sleep 600; done' & echo $$ $! >&9; wait",
                within: .seconds(2))
        }
        #expect(await processes.haveEnded())
        #expect(await processes.numbers(2).count == 2)
    }

    @Test func `waits for no grandchild that holds the output, and leaves none behind`() async throws {
        let processes = try Processes(in: scratch)
        let start = ContinuousClock.now
        let output = try await run(processes.joining + "sleep 600 & echo $! >&9; echo token")
        #expect(output.output == Array("token\n".utf8))
        #expect(ContinuousClock.now - start < .seconds(30))
        #expect(await processes.haveEnded())
        #expect(await processes.numbers(1).count == 1)
    }

    @Test func `ends a program when the task is cancelled`() async throws {
        let processes = try Processes(in: scratch)
        let command = Command(
            try script(processes.joining + "sleep 600 & echo $$ $! >&9; wait"), variables: variables,
            timeLimit: .seconds(300))
        let runner = runner
        let task = Task { try await runner.run(command) }
        #expect(await processes.numbers(2).count == 2)
        task.cancel()
        await #expect(throws: CommandError.cancelled) { try await task.value }
        #expect(await processes.haveEnded())
    }

    @Test func `tells a signal from a status`() async throws {
        #expect(try await run("kill -KILL $$").ending == .signalled(SIGKILL))
        #expect(try await run("exit 137").ending == .exited(137))
    }

    @Test func `passes bytes that are no text`() async throws {
        #expect(try await run(#"printf '\377\376\000x'"#).output == [0xFF, 0xFE, 0, 0x78])
    }

    @Test func `runs many programs at once`() async throws {
        let path = try script("echo $1")
        let (runner, variables) = (runner, variables)
        let texts = try await withThrowingTaskGroup(of: String.self) { group in
            for number in 0..<40 {
                group.addTask {
                    let output = try await runner.run(
                        Command(path, ["\(number)"], variables: variables, timeLimit: .seconds(120)))
                    return String(decoding: output.output, as: UTF8.self)
                }
            }
            return try await group.reduce(into: Set<String>()) { $0.insert($1) }
        }
        #expect(texts == Set((0..<40).map { "\($0)\n" }))
    }

    @Test func `says why a program could not be started`() async throws {
        func reason(_ command: Command) async throws -> String? {
            do throws(CommandError) {
                _ = try await runner.run(command)
                return nil
            } catch {
                guard case .notStarted(let reason) = error else { return "\(error)" }
                return reason
            }
        }
        #expect(try await reason(Command("tool")) == "its path is not absolute")
        #expect(
            try await reason(Command("/bin/true", ["a\0b"])) == "its path, an argument or a variable holds a zero byte")
        #expect(try await reason(Command("/bin/true", variables: ["A=B": "c"]))?.contains("equals sign") == true)
        #expect(try await reason(Command("\(scratch.path)/missing")) != nil)
        #expect(try await reason(Command(scratch.path)) != nil)
        #expect(try await reason(Command(scratch.write("#!/nowhere/sh\n", to: "orphan", mode: 0o700))) != nil)
        #expect(try await reason(Command(scratch.write("plain", to: "plain"))) != nil)
    }
}
