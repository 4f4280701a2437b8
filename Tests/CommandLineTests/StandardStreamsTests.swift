import Foundation
import LocalEntra
import Testing

@Suite(.serialized) struct `The standard streams` {
    /// Runs a line of bash in which `$P` is the tool and `$C` a connection.
    static func shell(_ line: String, _ tool: Tool) async throws -> Tool.Ending {
        var environment = tool.environment
        environment["P"] = Tool.path
        environment["C"] = "host=db.example dbname=orders user=orders-api"
        return try await Tool.Running("/bin/bash", ["-c", line], environment).ending()
    }

    static let results = [
        "token", "token --output json", "conninfo \"$C\"", "pgpass --stdout \"$C\"", "explain", "credentials",
        "explain-error P02", "doctor --offline \"$C\"", "role create x", "--help", "--version", "help exec",
        "--generate-completion-script bash",
    ]

    @Test(arguments: results)
    func `that take no result end with 74 and say why`(command: String) async throws {
        try await Cloud.with { cloud in
            let full = try await Self.shell("exec $P \(command) >/dev/full", cloud.tool)
            #expect(full.status == 74)
            #expect(full.errors.contains("passgres: writing to standard output: No space left on device"))
            #expect(!full.errors.contains("eyJ"))
            let closed = try await Self.shell("exec $P \(command) >&-", cloud.tool)
            #expect(closed.status == 74)
        }
    }

    @Test func `may be closed where there is no result`() async throws {
        try await Cloud.with { cloud in
            let ending = try await Self.shell(
                "$P pgpass \"$C\" >&- && $P exec \"$C\" -- true >&- && $P token <&- 2>&- >/dev/null", cloud.tool)
            #expect(ending.status == 0, "\(ending.errors)")
        }
    }

    @Test func `never lend their numbers to a file or a socket`() async throws {
        try await Cloud.with { cloud in
            let ending = try await Self.shell(
                "$P exec \"$C\" -- readlink /proc/self/fd/0 <&-; { $P exec \"$C\" -- readlink /proc/self/fd/2; } 2>&-",
                cloud.tool)
            #expect(ending.lines == ["/dev/null", "/dev/null"])
        }
    }

    @Test func `whose reader has gone end a command quietly`() async throws {
        try await Cloud.with { cloud in
            let ending = try await Self.shell("$P explain | head -c 1", cloud.tool)
            #expect(ending.output.utf8.count == 1 && ending.errors == "")
        }
    }

    @Test func `that do not wait still get all of a result`() async throws {
        try await Cloud.with { cloud in
            // A pipe of 4096 bytes that is read late, in the mode that an event loop on its other end leaves it in.
            let script = """
                import fcntl, os, subprocess, sys, time
                r, w = os.pipe()
                fcntl.fcntl(w, 1031, 4096)
                os.set_blocking(w, False)
                child = subprocess.Popen([os.environ["P"], "--generate-completion-script", "bash"], stdout=w)
                os.close(w)
                time.sleep(0.5)
                text = open(r, "rb").read()
                print(child.wait(), text == subprocess.check_output([os.environ["P"], "--generate-completion-script", "bash"]))
                """
            let file = try cloud.scratch.write(script, to: "late.py")
            let ending = try await Self.shell("exec python3 \(file)", cloud.tool)
            #expect(ending.output == "0 True\n", "\(ending.errors)")
        }
    }
}
