import CredentialTesting
import Foundation
import SpawnedPrograms
import Synchronization
import Testing
import TokenCredentials

@testable import PostgresCredentials

@Suite struct `A PgBouncer auth file` {
    let files = MemoryFiles()

    func entry(_ user: String, _ password: String) -> PasswordEntry {
        PasswordEntry(Login(host: "h", database: "d", user: user), password: password)
    }

    @Test func `gets its entries first and keeps every other byte`() async throws {
        let old = "; mine\n\"other\" \"p\"\n\"u\" \"old\" rest of line\n\n  \"u\" \"older\"\nbroken\n\"v\" \"unread\""
        files["/f"] = old
        let file = PgBouncerAuthFile(path: "/f", trusting: FileTrust(owner: geteuid()), files: files)
        try await file.store([entry("u", "new"), entry("a\"b", "p\"q\\")])
        #expect(
            files["/f"]
                == "\"u\" \"new\"\n\"a\"\"b\" \"p\"\"q\\\"\n; mine\n\"other\" \"p\"\n\n  broken\n\"v\" \"unread\"")
        #expect(await file.holds([entry("u", "new"), entry("a\"b", "p\"q\\"), entry("other", "p")]))
        // PgBouncer stops at the broken line.
        #expect(await !file.holds([entry("v", "unread")]))
    }

    @Test(arguments: [
        ("1.8", 127, 63), ("1.12.0", 159, 63), ("1.15", 159, 63), ("1.16.1", 995, 127), ("1.17", 2047, 127),
        ("1.25.2", 2047, 127), ("1.26.0", 65_530, 127), ("2.0", 65_530, 127),
    ])
    func `refuses what its reader could not read back, and names the limit`(
        version: String, password: Int, user: Int
    ) async throws {
        let reader: PgBouncerVersion = try #require(PgBouncerVersion(version))
        let file = PgBouncerAuthFile(
            path: "/f", readBy: reader, trusting: FileTrust(owner: geteuid()),
            files: files)
        let x = { String(repeating: "x", count: $0) }
        try await file.store([entry(x(user), x(password))])
        for (name, secret, limit) in [(x(user + 1), "p", user), ("u", x(password + 1), password)] {
            let error = await #expect(throws: DestinationError.self) { try await file.store([entry(name, secret)]) }
            #expect(error?.description.contains(" \(limit) ") == true)
            #expect(!everythingShown(of: error as Any).contains("xxxx"))
        }
        // A quote is written twice, and counts twice.
        await #expect(throws: DestinationError.self) {
            try await file.store([entry("u", x(password - 1) + "\"")])
        }
        #expect(files["/f"] == "\"\(x(user))\" \"\(x(password))\"\n")
    }

    @Test(arguments: [("", "p"), ("u", ""), ("u\n", "p"), ("u", "p\r"), ("u", "p\0q")])
    func `refuses what no line can hold`(user: String, password: String) async throws {
        let file = PgBouncerAuthFile(path: "/f", trusting: FileTrust(owner: geteuid()), files: files)
        await #expect(throws: DestinationError.self) { try await file.store([entry(user, password)]) }
        #expect(files["/f"] == nil)
    }

    @Test func `holds one password for a user, for however many logins`() async throws {
        let file = PgBouncerAuthFile(path: "/f", trusting: FileTrust(owner: geteuid()), files: files)
        try await file.store([entry("u", "p"), entry("u", "p")])
        #expect(files["/f"] == "\"u\" \"p\"\n")
        await #expect(throws: DestinationError.self) { try await file.store([entry("u", "p"), entry("u", "q")]) }
    }

    @Test func `tells PgBouncer after it was written, and again if that failed`() async throws {
        let reload = Announcement(files)
        let file = PgBouncerAuthFile(
            path: "/f", reloadingBy: reload, trusting: FileTrust(owner: geteuid()), files: files)
        reload.isDown.withLock { $0 = true }
        let error = await #expect(throws: DestinationError.self) { try await file.store([entry("u", "p")]) }
        #expect(error?.problem == "/f holds the password, and PgBouncer could not be told: down")
        reload.isDown.withLock { $0 = false }
        try await file.store([entry("u", "p")])
        #expect(reload.seen.withLock { $0 } == ["\"u\" \"p\"\n", "\"u\" \"p\"\n"])
    }

    @Test(arguments: ["1", "1.", "x.y", "1.18.0.1", "-1.2", ""])
    func `knows no version`(text: String) {
        #expect(PgBouncerVersion(text) == nil)
    }

    final class Announcement: PgBouncerReload {
        let isDown = Mutex(false)
        let seen = Mutex<[String?]>([])
        private let files: MemoryFiles

        init(_ files: MemoryFiles) { self.files = files }

        func reload() async throws {
            seen.withLock { $0.append(files["/f"]) }
            if isDown.withLock({ $0 }) { throw DestinationError("down") }
        }
    }
}

@Suite struct `A running PgBouncer` {
    @Test(arguments: [
        (nil, nil, "there is no pid file"), ("", nil, "does not hold the number"), ("1\n", nil, "does not hold"),
        ("-5", nil, "does not hold"), ("4194304\n", nil, "is stale: there is no process"),
        ("4194304\n", "postgres\n", "is no PgBouncer, and is left alone"),
        ("4194304\n", "pgbouncer-x\n", "is no PgBouncer"),
    ])
    func `is not told by a pid file that is not its own`(
        contents: String?, name: String?, problem: String
    ) async throws {
        let files = MemoryFiles()
        files["/pid"] = contents
        files["/proc/4194304/comm"] = name
        let error = await #expect(throws: DestinationError.self) {
            try await PgBouncerProcess(pidFile: "/pid", files: files).reload()
        }
        #expect(error?.description.contains(problem) == true)
    }

    @Test func `is known by its name and told by SIGHUP`() async throws {
        let scratch = try ScratchDirectory()
        try FileManager.default.copyItem(atPath: "/bin/sleep", toPath: scratch.path + "/pgbouncer")
        // Whoever runs the tests may have SIGHUP ignored, and that is inherited.
        let process = try SpawnedProgram(
            "/usr/bin/env", ["--default-signal=HUP", scratch.path + "/pgbouncer", "100"])
        let file = try scratch.write("\(process.identifier)\n", to: "pid")
        while (try? String(contentsOfFile: "/proc/\(process.identifier)/comm", encoding: .utf8)) != "pgbouncer\n" {
            await Task.yield()
        }
        try await PgBouncerProcess(pidFile: file).reload()
        #expect(await process.ending().signal == SIGHUP)
    }
}
