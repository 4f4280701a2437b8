import CommandCredentials
import CredentialTesting
import FoundationEssentials
import Glibc
import PostgresCredentials
import Testing
import TokenCredentials

@testable import PassgresCommands

@Suite struct `PgBouncer's console` {
    let programs = ["psql": "/usr/bin/psql"]

    func entry(_ length: Int) -> PasswordEntry {
        PasswordEntry(
            Login(host: "h", database: "d", user: "u"), password: String(repeating: "x", count: length))
    }

    @Test(arguments: [
        ("PgBouncer 1.26.1\n", 65_530), ("PgBouncer 1.27.0dev\n", 65_530), ("PgBouncer 1.25.2\n", 2_047),
        ("PgBouncer 1.15.0\n", 159), ("", 2_047),
    ])
    func `says how long a password may be`(answer: String, limit: Int) async throws {
        let files = MemoryFiles()
        for (length, isTaken) in [(limit, true), (limit + 1, false)] {
            let runner = ScriptedRunner(
                programs: programs, .success(CommandOutput(answer)), .success(CommandOutput("RELOAD\n")))
            let file = PgBouncerAuthFile(
                path: "/f", reloadingBy: try PgBouncerConsole("host=h", in: [:], runner: runner),
                trusting: FileTrust(owner: geteuid()), files: files)
            if isTaken {
                try await file.store([entry(length)])
            } else {
                let error = await #expect(throws: DestinationError.self) { try await file.store([entry(length)]) }
                #expect(error?.problem.contains(" takes \(limit) ") == true)
            }
            #expect(runner.commands.map(\.arguments.last) == (isTaken ? ["SHOW VERSION", "RELOAD"] : ["SHOW VERSION"]))
        }
    }

    @Test func `is not asked for a version that is named`() async throws {
        let runner = ScriptedRunner(programs: programs, .success(CommandOutput("RELOAD\n")))
        let file = PgBouncerAuthFile(
            path: "/f", readBy: PgBouncerVersion(1, 26),
            reloadingBy: try PgBouncerConsole("host=h", in: [:], runner: runner), trusting: FileTrust(owner: geteuid()),
            files: MemoryFiles())
        try await file.store([entry(65_530)])
        #expect(runner.commands.map(\.arguments.last) == ["RELOAD"])
    }

    @Test func `that does not answer leaves the version assumed, and is named beside the limit`() async throws {
        let files = MemoryFiles()
        let runner = ScriptedRunner(
            programs: programs, .success(CommandOutput("", status: 2)), .success(CommandOutput("", status: 2)),
            .success(CommandOutput("", status: 2)))
        let file = PgBouncerAuthFile(
            path: "/f", reloadingBy: try PgBouncerConsole("host=h", in: [:], runner: runner),
            trusting: FileTrust(owner: geteuid()), files: files)
        let error = await #expect(throws: DestinationError.self) { try await file.store([entry(2_047)]) }
        #expect(files["/f"]?.hasPrefix("\"u\" \"xxx") == true && error?.isStored == true)
        #expect(error?.problem.hasSuffix("could not be told: PgBouncer's console could not be logged in to") == true)
        let other = await #expect(throws: DestinationError.self) { try await file.store([entry(2_048)]) }
        #expect(other?.problem.contains("PgBouncer 1.18 takes 2047") == true && other?.isStored == false)
        #expect(other?.problem.contains("could not be asked for its version: PgBouncer's console") == true)
    }
}

@Suite struct `The check of a token's length` {
    @Test(arguments: [
        ("host=h port=6432", 2_047, "ok"), ("host=h port=6432", 2_270, "warn"), ("host=h port=5432", 2_270, "ok"),
        ("host=srv.postgres.database.azure.com port=6432", 2_270, "fail"), ("host=h port=5432", 65_531, "fail"),
    ])
    func `knows what Azure's pooler takes, and that others may take more`(
        text: String, length: Int, state: String
    ) throws {
        let token = AccessToken(secret: String(repeating: "x", count: length), expiresAt: .distantFuture)
        let findings = LengthCheck(connection: try ConnectionInfo(text)).findings(for: token)
        #expect(findings.map { $0.outcome.rawValue } == [state])
        #expect(findings.allSatisfy { !$0.text.contains("1.26") || length == 2_270 })
    }
}
