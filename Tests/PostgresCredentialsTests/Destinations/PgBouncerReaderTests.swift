import CredentialTesting
import Foundation
import SpawnedPrograms
import Testing
import TokenCredentials

@testable import PostgresCredentials

@Suite struct `The reader of a PgBouncer auth file` {
    /// A user who is neither root nor whoever runs the tests.
    let stranger: UInt32 = geteuid() == 4_294_967 ? 4_294_968 : 4_294_967
    let entries = [PasswordEntry(Login(host: "h", database: "d", user: "u"), password: "p")]

    func machine(runningAs user: UInt32) -> MemoryFiles {
        MemoryFiles([
            "/pid": "4194304\n", "/proc/4194304/comm": "pgbouncer\n",
            "/proc/4194304/status": "Name:\tpgbouncer\nUid:\t0\t\(user)\t0\t0\nGid:\t0\t0\t0\t0\n",
        ])
    }

    func file(_ files: MemoryFiles, owner: UInt32? = nil) -> PgBouncerAuthFile {
        PgBouncerAuthFile(
            path: "/f", reloadingBy: Silent(process: PgBouncerProcess(pidFile: "/pid", files: files)),
            trusting: FileTrust(owner: owner), files: files)
    }

    @Test func `gets the file where root writes it, and is named where another cannot give it away`() async throws {
        let files = machine(runningAs: stranger)
        if geteuid() == 0 {
            try await file(files).store(entries)
            #expect(files["/f"] == "\"u\" \"p\"\n" && files.owner(ofFile: "/f") == stranger)
        } else {
            let error = await #expect(throws: DestinationError.self) { try await file(files).store(entries) }
            #expect(error?.problem.contains("PgBouncer runs as user \(stranger) and could not read a file") == true)
            #expect(error?.remedy?.hasPrefix("Run as user \(stranger), or as root") == true && files["/f"] == nil)
            #expect(await !file(files).holds(entries))
        }
    }

    @Test func `is one user, also where another was named`() async throws {
        let files = machine(runningAs: stranger)
        let error = await #expect(throws: DestinationError.self) {
            try await file(files, owner: stranger + 2).store(entries)
        }
        #expect(error?.problem.contains("a file that is user \(stranger + 2)'s alone") == true && files["/f"] == nil)
    }

    @Test(arguments: [nil, "4194305\n"])
    func `has to be known to root, and is taken for our own user otherwise`(pid: String?) async throws {
        let files = machine(runningAs: geteuid())
        files["/pid"] = pid
        if geteuid() == 0 {
            let error = await #expect(throws: DestinationError.self) { try await file(files).store(entries) }
            #expect(error?.problem.contains("PgBouncer's user is not known, and a file of root's") == true)
            #expect(error?.description.contains("pid file /pid") == true)
            #expect(error?.remedy?.contains("--owner") == true && error?.isStored == false && files["/f"] == nil)
            try await file(files, owner: stranger).store(entries)
            #expect(files.owner(ofFile: "/f") == stranger)
        } else {
            try await file(files).store(entries)
        }
        #expect(files["/f"] == "\"u\" \"p\"\n")
    }

    @Test func `is remembered while PgBouncer is being started anew`() async throws {
        let files = machine(runningAs: stranger)
        let process = PgBouncerProcess(pidFile: "/pid", files: files)
        #expect(try await process.user() == stranger)
        files["/pid"] = nil
        #expect(try await process.user() == stranger)
        await #expect(throws: DestinationError.self) {
            try await PgBouncerProcess(pidFile: "/pid", files: files).user()
        }
    }

    @Test func `is not told by a pid file that others can write`() async throws {
        let scratch = try ScratchDirectory()
        try FileManager.default.copyItem(atPath: "/bin/sleep", toPath: scratch.path + "/pgbouncer")
        let process = try SpawnedProgram(scratch.path + "/pgbouncer", ["100"])
        defer { process.send(SIGKILL) }
        while (try? String(contentsOfFile: "/proc/\(process.identifier)/comm", encoding: .utf8)) != "pgbouncer\n" {
            await Task.yield()
        }
        mkdir(scratch.path + "/run", 0o700)
        let file = try scratch.write("\(process.identifier)\n", to: "run/pid")
        #expect(try await PgBouncerProcess(pidFile: file).user() == geteuid())
        chmod(scratch.path + "/run", 0o777)
        let error = await #expect(throws: DestinationError.self) { try await PgBouncerProcess(pidFile: file).user() }
        #expect(error?.problem.contains("others may write to") == true, "\(error?.problem ?? "")")
        #expect(error?.remedy?.contains("--owner") == true)
    }

    @Test func `has to pass every directory on the way`() throws {
        let scratch = try ScratchDirectory()
        let reader = FileReader(stranger)
        #expect(reader.obstacle(onTheWayTo: scratch.path + "/f") == scratch.path)
        chmod(scratch.path, 0o711)
        #expect(reader.obstacle(onTheWayTo: scratch.path + "/f") == nil)
        mkdir(scratch.path + "/inner", 0o700)
        try FileManager.default.createSymbolicLink(
            atPath: scratch.path + "/link", withDestinationPath: scratch.path + "/inner/f")
        try scratch.write("", to: "inner/f")
        #expect(reader.obstacle(onTheWayTo: scratch.path + "/link") == scratch.path + "/inner")
        #expect(FileReader(geteuid()).obstacle(onTheWayTo: scratch.path + "/link") == nil)
    }

    @Test func `is the only one who can read what was stored`() async throws {
        let scratch = try ScratchDirectory()
        let file = PgBouncerAuthFile(path: scratch.path + "/f", trusting: FileTrust(owner: geteuid()))
        try await file.store(entries)
        #expect(await file.holds(entries))
        chmod(scratch.path + "/f", 0o644)
        #expect(await !file.holds(entries))
        try await file.store(entries)
        #expect(await file.holds(entries))
    }

    /// A process that is not told anything.
    struct Silent: PgBouncerReload {
        let process: PgBouncerProcess
        func reload() async throws {}
        func user() async throws -> UInt32? { try await process.user() }
    }
}
