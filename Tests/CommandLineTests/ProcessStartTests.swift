import Foundation
import Testing

@Suite struct `The start of the process` {
    /// A library like those of agents, which changes the environment before the program begins.
    private func agent(in scratch: Scratch) async throws -> String {
        let source = try scratch.write(
            """
            #include <stdio.h>
            #include <stdlib.h>
            __attribute__((constructor)) static void begin(void) {
                char name[32];
                for (int i = 0; i < 1000; i++) { sprintf(name, "AGENT_%d", i); setenv(name, "1", 1); }
            }
            """, to: "agent.c")
        let library = scratch.path + "/agent.so"
        let compiled = try await `The standard streams`.shell("cc -shared -fPIC -o '\(library)' '\(source)'", Tool())
        try #require(compiled.status == 0, "\(compiled.errors)")
        return library
    }

    @Test func `finds its arguments whatever a preloaded library did to the environment`() async throws {
        let scratch = Scratch()
        let library = try await agent(in: scratch)
        let directory = URL(filePath: Tool.path).deletingLastPathComponent().path
        for program in ["passgres", "passgres-local-entra", "passgres-scaffold", "passgres-check-connections"] {
            let command = "exec '\(directory)/\(program)' --nonsense x"
            let plain = try await `The standard streams`.shell(command, Tool())
            let loaded = try await `The standard streams`.shell("LD_PRELOAD='\(library)' \(command)", Tool())
            #expect(loaded.status == plain.status && loaded.output == plain.output && loaded.errors == plain.errors)
            #expect(plain.status == 64, "\(program): \(plain)")
        }
    }

    /// Only there the runtime searches the stack for them: a release of the tool is built so.
    @Test func `finds its arguments where Swift's runtime is part of the program`() async throws {
        let scratch = Scratch()
        let library = try await agent(in: scratch)
        let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..").standardized.path
        let main = try scratch.write(
            #"print(CommandLine.arguments.dropFirst().joined(separator: "|"))"#, to: "main.swift")
        let line = """
            cd '\(scratch.path)' && cc -c -I '\(root)/Sources/CProcessStart/include' '\(root)/Sources/CProcessStart/arguments.c' &&
                swiftc -static-stdlib -module-cache-path '\(scratch.path)/cache' '\(main)' arguments.o -o program &&
                LD_PRELOAD='\(library)' exec ./program a 'b c'
            """
        var tool = Tool()
        tool.environment["HOME"] = scratch.path
        let ending = try await `The standard streams`.shell(line, tool)
        #expect(ending.output == "a|b c\n", "\(ending.errors)")
    }

    /// Runs a line of bash in which `$NEW` begins a container.
    private func inContainer(_ line: String, _ tool: Tool) async throws -> Tool.Ending {
        let user = geteuid() == 0 ? "" : "--user --map-root-user"
        var tool = tool
        tool.environment["NEW"] = "unshare \(user) --pid --fork --mount-proc"
        return try await `The standard streams`.shell(line, tool)
    }

    @Test func `as the first of a container collects what has lost its parent`() async throws {
        try await Cloud.with { cloud in
            let script = try cloud.scratch.write(
                """
                for i in 1 2 3 4 5; do (setsid sh -c 'exit 0' &); done
                for i in $(seq 1 200); do
                    zombies=$(grep -l '^State:.Z' /proc/[0-9]*/status 2>/dev/null | wc -l)
                    [ "$zombies" = 0 ] && [ "$i" -gt 5 ] && break
                    read -t 0.05 x <> <(:)
                done
                echo "$zombies zombies"
                exit 7
                """, to: "orphans.sh")
            let ending = try await inContainer("exec $NEW $P exec \"$C\" -- /bin/bash '\(script)'", cloud.tool)
            #expect(ending.output == "0 zombies\n", "\(ending.errors)")
            #expect(ending.status == 7)
        }
    }

    @Test(arguments: ["TERM", "INT", "HUP", "USR1"])
    func `as the first of a container passes signals on`(_ signal: String) async throws {
        try await Cloud.with { cloud in
            let script = try cloud.scratch.write(
                """
                trap 'echo got \(signal); exit 3' \(signal)
                kill -\(signal) 1
                for i in $(seq 1 600); do read -t 0.05 x <> <(:); done
                """, to: "signals.sh")
            let ending = try await inContainer("exec $NEW $P exec \"$C\" -- /bin/bash '\(script)'", cloud.tool)
            #expect(ending.lines == ["got \(signal)"], "\(ending.errors)")
            #expect(ending.status == 3)
        }
    }

    @Test(arguments: [("TERM", 0), ("INT", 130)])
    func `as the first of a container keeps until it is told to end`(_ signal: String, _ status: Int32) async throws {
        try await Cloud.with { cloud in
            let kept = cloud.scratch.path + "/kept"
            let line = """
                $NEW $P keep "$C" --passfile '\(kept)' & new=$!
                for i in $(seq 1 600); do [ -s '\(kept)' ] && break; read -t 0.05 x <> <(:); done
                kill -\(signal) $(pgrep -P $new); wait $new; echo "ended $?"
                """
            let ending = try await inContainer(line, cloud.tool)
            #expect(ending.lines.last == "ended \(status)", "\(ending.output)\(ending.errors)")
        }
    }
}
