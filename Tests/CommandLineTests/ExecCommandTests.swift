import Foundation
import LocalEntra
import Testing
import TokenCredentials

@Suite struct `passgres exec` {
    let connection = "host=db.example dbname=orders user=orders-api"

    @Test func `gives the program its connection and a private password file, gone afterwards`() async throws {
        try await Cloud.with { cloud in
            var tool = cloud.toolWithSecret
            tool.environment.merge([
                "PGPASSWORD": "stale", "PGSERVICE": "none", "PGHOSTADDR": "10.0.0.1", "PGTZ": "UTC",
            ]) { $1 }
            tool.environment["PGSERVICE"] = nil
            let script = """
                echo "$PGHOST|$PGPORT|$PGDATABASE|$PGUSER|$PGSSLMODE|${PGPASSWORD-unset}|$PGTZ|${AZURE_CLIENT_SECRET-unset}"
                stat -c %a "$PGPASSFILE" "$(dirname "$PGPASSFILE")"; cat "$PGPASSFILE"; echo "$PGPASSFILE"
                """
            let ending = try await tool("exec", connection, "--", "/bin/sh", "-c", script)
            #expect(ending.status == 0, "\(ending.errors)")
            #expect(ending.lines[0] == "db.example|5432|orders|orders-api|verify-full|unset|UTC|unset")
            #expect(ending.lines[1...2] == ["600", "700"])
            #expect(ending.lines[3].hasPrefix("db.example:5432:*:orders-api:eyJ"))
            #expect(!FileManager.default.fileExists(atPath: ending.lines[4]))
            #expect(cloud.privateDirectories == [])
        }
    }

    @Test func `keeps every secret of ours from the program`() async throws {
        try await Cloud.with { cloud in
            var tool = cloud.toolWithSecret
            for name in ProcessEnvironment.secretNames where tool.environment[name] == nil {
                tool.environment[name] = "s3cr3t"
            }
            // What decides who is asked, and would ask others here.
            tool.environment["PASSGRES_CREDENTIALS"] = "environment"
            let ending = try await tool("exec", connection, "--", "/usr/bin/env")
            #expect(ending.status == 0, "\(ending.errors)")
            let names = Set(ending.lines.compactMap { $0.split(separator: "=").first.map(String.init) })
            #expect(names.contains("PGPASSFILE") && names.isDisjoint(with: ProcessEnvironment.secretNames))
        }
    }

    @Test func `runs nothing from PATH that others may change, and says so`() async throws {
        try await Cloud.with { cloud in
            for (directory, mode) in [("open", 0o777), ("fine", 0o755)] as [(String, mode_t)] {
                let path = cloud.scratch.path + "/" + directory
                mkdir(path, 0o755)
                let file = try cloud.scratch.write("#!/bin/sh\necho \(directory)\n", to: "\(directory)/probe")
                chmod(file, 0o755)
                chmod(path, mode)
            }
            var tool = cloud.tool
            let usual = tool.environment["PATH"] ?? ""
            tool.environment["PATH"] = "\(cloud.scratch.path)/open:\(cloud.scratch.path)/fine:\(usual)"
            let found = try await tool("exec", connection, "--", "probe")
            #expect(found.output == "fine\n", "\(found.errors)")
            tool.environment["PATH"] = "\(cloud.scratch.path)/open:\(usual)"
            let refused = try await tool("exec", connection, "--", "probe")
            #expect(refused.status == 126 && refused.errors.contains("/open, which others may write to"))
            let named = try await tool("exec", connection, "--", "\(cloud.scratch.path)/open/probe")
            #expect(named.output == "open\n")
            tool.environment["PATH"] = "\(cloud.scratch.path)/open:/nonexistent"
            let psql = cloud.scratch.path + "/open/psql"
            symlink("probe", psql)
            let started = try await tool("psql", connection)
            #expect(started.status == 126 && started.output == "" && started.errors.contains(psql))
        }
    }

    @Test(arguments: [("exit 0", 0), ("exit 7", 7), ("kill -TERM $$", 143), ("kill -KILL $$", 137)])
    func `ends as the program ends`(script: String, status: Int32) async throws {
        try await Cloud.with { cloud in
            let ended = try await cloud.tool("exec", connection, "--", "/bin/sh", "-c", script).status
            #expect(ended == status)
            #expect(cloud.privateDirectories == [])
        }
    }

    @Test func `says 127 for a program that is not there and 126 for one that cannot be run`() async throws {
        try await Cloud.with { cloud in
            let file = try cloud.scratch.write("no program", to: "plain")
            let ended = try await cloud.tool("exec", connection, "--", "no-such-program").status
            #expect(ended == 127)
            let refused = try await cloud.tool("exec", connection, "--", file).status
            #expect(refused == 126)
        }
    }

    @Test(arguments: [(SIGTERM, "TERM"), (SIGINT, "INT"), (SIGHUP, "HUP"), (SIGUSR1, "USR1"), (SIGQUIT, "QUIT")])
    func `passes signals on and lets the program decide`(signal: Int32, name: String) async throws {
        try await Cloud.with { cloud in
            let script = "trap 'kill $!; echo got \(name); exit 3' \(name); sleep 100 & echo ready; wait"
            let run = try cloud.tool.start(["exec", connection, "--", "/bin/bash", "-c", script])
            #expect((await run.firstLine()) == "ready")
            run.send(signal)
            let ending = await run.ending()
            #expect(ending.lines.last == "got \(name)")
            #expect(ending.status == 3)
        }
    }

    @Test(arguments: [
        ("env --default-signal=PIPE", "PIPE", 141), ("env --ignore-signal=PIPE", "PIPE", 0),
        ("env --default-signal=HUP", "HUP", 129), ("env --ignore-signal=HUP", "HUP", 0),
        ("env --ignore-signal=INT", "INT", 0),
    ])
    func `leaves a program the signals as it found them`(start: String, signal: String, status: Int32) async throws {
        try await Cloud.with { cloud in
            let ending = try await `The standard streams`.shell(
                "exec \(start) $P exec \"$C\" -- /bin/sh -c 'kill -\(signal) $$'", cloud.tool)
            #expect(ending.status == status, "\(ending.errors)")
        }
    }

    @Test(arguments: [(110_022, true), (120_018, true), (90_624, true), (130_000, false), (170_002, false)])
    func `says that an old library cut the password which the server takes from us`(
        _ version: Int, _ isOld: Bool
    ) async throws {
        try await Cloud.with {
            $0.tenant.roles = [LocalRole("orders-api", .service, objectID: "7e57ab1e-0000-4000-8000-0000000000b2")]
        } _: { cloud in
            let source = try cloud.scratch.write("int PQlibVersion(void) { return \(version); }\n", to: "libpq.c")
            let server =
                "host=srv.postgres.database.azure.com hostaddr=127.0.0.1 port=\(cloud.local.databasePort) dbname=orders"
            var tool = cloud.tool
            tool.environment["LD_LIBRARY_PATH"] = cloud.scratch.path
            let ending = try await `The standard streams`.shell(
                "cc -shared -fPIC -o '\(cloud.scratch.path)/libpq.so.5' '\(source)' && $P exec '\(server)' -- /bin/sh -c 'exit 1'",
                tool)
            #expect(ending.status == 1)
            #expect(ending.errors.contains("though a login of our own works") == isOld, "\(ending.errors)")
            #expect(ending.errors.contains("[L07]") == isOld && !ending.errors.contains("fails too"))
        }
    }

    @Test func `hands over the caller's files and none of its own`() async throws {
        try await Cloud.with { cloud in
            // What the test itself hands over is the caller's.
            let files = "readlink /proc/self/fd/* | grep -E 'socket|eventfd|eventpoll' | sort"
            let ending = try await `The standard streams`.shell(
                "diff <(\(files)) <($P exec \"$C\" -- /bin/bash -c \"\(files)\")", cloud.toolWithSecret)
            #expect(ending.status == 0, "\(ending.output)")
            let callers = try await `The standard streams`.shell(
                "$P exec \"$C\" -- cat /dev/fd/7 7< <(echo of the caller)", cloud.tool)
            #expect(callers.output == "of the caller\n")
        }
    }

    @Test func `hands over arguments and variables byte for byte`() async throws {
        try await Cloud.with { cloud in
            let ending = try await `The standard streams`.shell(
                #"LATIN=$'v\xe9' $P exec "$C" -- /bin/sh -c 'printf %s "$1$LATIN" | od -An -tx1' sh $'a\xe9'"#,
                cloud.tool)
            #expect(ending.output.split(separator: " ").joined(separator: " ") == "61 e9 76 e9\n")
        }
    }

    @Test func `says which parameters have no variable`() async throws {
        try await Cloud.with { cloud in
            let told = try await cloud.tool("exec", connection + " keepalives_idle=30", "--", "/bin/true")
            #expect(told.status == 0 && told.errors.contains("keepalives_idle"))
            let quiet = try await cloud.tool("exec", "--quiet", connection + " keepalives_idle=30", "--", "/bin/true")
            #expect(quiet.errors == "")
        }
    }

    @Test func `tells a script without its interpreter from one that is not there`() async throws {
        try await Cloud.with { cloud in
            let file = try cloud.scratch.write("#!/no/such/interpreter\n", to: "script")
            chmod(file, 0o700)
            let ending = try await cloud.tool("exec", connection, "--", file)
            #expect(ending.status == 126 && ending.errors.contains("interpreter"))
        }
    }

    @Test func `keeps the file fresh while the program runs`() async throws {
        try await Cloud.with {
            $0.tokenLifetime = .seconds(3)
        } _: { cloud in
            let script = """
                first=$(cat "$PGPASSFILE")
                for i in $(seq 1 400); do
                    [ "$(cat "$PGPASSFILE")" = "$first" ] || { echo renewed; stat -c %a "$PGPASSFILE"; exit 0; }
                    read -t 0.05 x <> <(:)
                done
                echo never
                """
            let ending = try await cloud.tool("exec", connection, "--", "/bin/bash", "-c", script)
            #expect(ending.lines == ["renewed", "600"])
        }
    }

    @Test func `clears away what one that was killed left`() async throws {
        try await Cloud.with { cloud in
            let run = try cloud.tool.start(["exec", connection, "--", "/bin/sh", "-c", "echo $$; read x < /dev/zero"])
            let child = Int32(await run.firstLine()) ?? 0
            run.send(SIGKILL)
            kill(child, SIGKILL)
            _ = await run.ending()
            #expect(cloud.privateDirectories.count == 1)
            let ended = try await cloud.tool("exec", connection, "--", "/bin/true").status
            #expect(ended == 0)
            #expect(cloud.privateDirectories == [])
        }
    }

    @Test func `passes the token in a variable only when told to`() async throws {
        try await Cloud.with { cloud in
            let ending = try await cloud.tool(
                "exec", "--password-variable", connection, "--", "/bin/sh", "-c",
                "echo \"$PGPASSWORD|${PGPASSFILE-unset}\"")
            #expect(ending.output.hasPrefix("eyJ") && ending.output.hasSuffix("|unset\n"))
        }
    }

    @Test func `never has the token in an argument list`() async throws {
        try await Cloud.with { cloud in
            let script = "cat /proc/$PPID/cmdline /proc/$$/cmdline | tr '\\0' ' '; tr '\\0' '\\n' < /proc/$$/environ"
            let ending = try await cloud.toolWithSecret("exec", connection, "--", "/bin/sh", "-c", script)
            #expect(ending.output.contains("PGPASSFILE="))
            #expect(!ending.output.contains("eyJ") && !ending.output.contains(Cloud.secret))
        }
    }
}
