import CredentialTesting
import Foundation
import SpawnedPrograms
import Synchronization
import Testing
import TokenCredentials

@testable import PostgresCredentials

@Suite struct `A password file on disk` {
    let login = Login(host: "h", port: "1", database: "d", user: "u")

    @Test func `is made for its owner alone, and found by libpq`() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory + "/pgpass"
            try await PasswordFileDestination(path: path).store("p:\\q", for: login)
            #expect(mode(of: path) == 0o600)
            #expect(try text(path) == "h:1:d:u:p\\:\\\\q\n")
            #expect(try FileManager.default.contentsOfDirectory(atPath: directory) == ["pgpass"])
        }
    }

    @Test func `takes several entries in one step, the first one first`() async throws {
        let files = MemoryFiles(["/f": "x\n"])
        let destination = PasswordFileDestination(path: "/f", files: files)
        let other = Login(host: "i", port: "2", database: "d", user: "u")
        try await destination.store("p", for: [login, other])
        #expect(files["/f"] == "h:1:d:u:p\ni:2:d:u:p\nx\n")
        try await destination.store([PasswordEntry(other, password: "q")])
        #expect(files["/f"] == "i:2:d:u:q\nh:1:d:u:p\nx\n")
        try await destination.removePassword(for: login)
        #expect(files["/f"] == "i:2:d:u:q\nx\n")
        try await PasswordFileDestination(path: "/none", files: files).removePassword(for: login)
        #expect(files["/none"] == nil)
    }

    @Test func `stays whole when one of several entries cannot be written`() async throws {
        let other = Login(host: "i", port: "2", database: "d", user: "u")
        let files = MemoryFiles(["/f": "x\n"])
        let destination = PasswordFileDestination(path: "/f", files: files)
        await #expect(throws: PasswordFileError(field: .password, reason: .empty)) {
            try await destination.store([PasswordEntry(login, password: "p"), PasswordEntry(other, password: "")])
        }
        #expect(files["/f"] == "x\n")
    }

    @Test func `takes no line that its reader would cut, and names the limit`() async throws {
        let files = MemoryFiles(["/f": "x\n"])
        let destination = PasswordFileDestination(path: "/f", readBy: 12, files: files)
        let password = String(repeating: "p", count: 318 - "h:1:d:u:".utf8.count)
        try await destination.store(password, for: login)
        #expect(files["/f"] == "h:1:d:u:\(password)\nx\n")
        let error = await #expect(throws: DestinationError.self) {
            try await destination.store(password + "p", for: login)
        }
        #expect(error?.description.contains(" 318 ") == true && error?.description.contains("ppp") == false)
        try await PasswordFileDestination(path: "/f", files: files).store(password + "p", for: login)
    }

    @Test func `is narrowed where others could read it, and says so before`() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory + "/pgpass"
            try Data("x\n".utf8).write(to: URL(fileURLWithPath: path))
            chmod(path, 0o644)
            let destination = PasswordFileDestination(path: path)
            #expect(await destination.concern()?.contains("mode 0644") == true)
            try await destination.store("p", for: login)
            #expect(mode(of: path) == 0o600)
            #expect(await destination.concern() == nil)
            #expect(try text(path) == "h:1:d:u:p\nx\n")
        }
    }

    @Test func `is replaced where a link leads, and the link stays`() async throws {
        try await withTemporaryDirectory { directory in
            try FileManager.default.createDirectory(atPath: directory + "/real", withIntermediateDirectories: false)
            try Data("x\n".utf8).write(to: URL(fileURLWithPath: directory + "/real/file"))
            symlink("real/file", directory + "/link")
            symlink("link", directory + "/second")
            symlink("nowhere", directory + "/broken")
            symlink("circle", directory + "/circle")
            try await PasswordFileDestination(path: directory + "/second").store("p", for: login)
            #expect(try text(directory + "/real/file") == "h:1:d:u:p\nx\n")
            #expect(mode(of: directory + "/real/file") == 0o600)
            #expect(try FileManager.default.destinationOfSymbolicLink(atPath: directory + "/second") == "link")
            for name in ["/broken", "/circle"] {
                await #expect(throws: FileError("writing", directory + name, .brokenLink)) {
                    try await PasswordFileDestination(path: directory + name).store("p", for: login)
                }
            }
        }
    }

    @Test func `is not made out of anything else, and each thing has a message of its own`() async throws {
        try await withTemporaryDirectory { directory in
            try FileManager.default.createDirectory(
                atPath: directory + "/directory", withIntermediateDirectories: false)
            mkfifo(directory + "/pipe", 0o600)
            try Data("x".utf8).write(to: URL(fileURLWithPath: directory + "/file"))
            var messages: [String] = []
            for name in ["/directory", "/pipe", "/missing/pgpass", "/file/pgpass"] {
                let error = await #expect(throws: FileError.self) {
                    try await PasswordFileDestination(path: directory + name).store("hunter2", for: login)
                }
                messages.append("\(error.map(String.init(describing:)) ?? "none")".replacing(directory, with: ""))
            }
            #expect(
                messages == [
                    "reading /directory: Is a directory", "reading /pipe: it is not a regular file",
                    "writing /missing/pgpass: No such file or directory", "writing /file/pgpass: Not a directory",
                ])
            #expect(
                try FileManager.default.contentsOfDirectory(atPath: directory).sorted() == [
                    "directory", "file", "pipe",
                ])
        }
    }

    @Test(arguments: [
        (FileError.Reason.system(errno: ENOSPC), "No space left on device"),
        (.system(errno: EROFS), "Read-only file system"),
        (.system(errno: EACCES), "Permission denied"), (.busy, "another program is writing it"),
        (.tooLarge(limit: 1), "it is longer than 1 bytes"), (.system(errno: EIO), "Input/output error"),
    ])
    func `tells what stood in the way`(_ reason: FileError.Reason, _ message: String) async {
        let files = MemoryFiles(["/f": "x\n"])
        files.setFault(reason, at: "/f")
        let error = await #expect(throws: FileError.self) {
            try await PasswordFileDestination(path: "/f", files: files).store("hunter2", for: login)
        }
        #expect(error?.description.hasSuffix(message) == true)
        #expect(!shown(error as Any).contains("hunter2"))
        #expect(error?.remedy?.hasSuffix(".") ?? (reason == .tooLarge(limit: 1) || reason == .system(errno: EIO)))
        files.setFault(nil, at: "/f")
        #expect(files["/f"] == "x\n")
    }

    @Test func `stays whole in a directory that cannot be written, and when the disk takes no more`() throws {
        try withTemporaryDirectory { directory in
            let old = String(repeating: "x:1:d:u:old\n", count: 100)
            for (options, message) in [(["nobody"], "Permission denied"), (["nobody", "limit=512"], "File too large")] {
                let path = directory + "/pgpass"
                try Data(old.utf8).write(to: URL(fileURLWithPath: path))
                chmod(path, 0o644)
                // As root, the one who writes is another user, and the directory is his.
                if message != "Permission denied", geteuid() == 0 {
                    for place in [directory, path] { #expect(chown(place, 65_534, 65_534) == 0) }
                }
                chmod(directory, message == "Permission denied" ? 0o555 : 0o755)
                defer { chmod(directory, 0o755) }
                let result = try Judge.run(["store", path, "h", "1"] + options)
                #expect(result.status == 1)
                #expect(String(decoding: result.output, as: UTF8.self) == "writing \(path): \(message)")
                #expect(try text(path) == old)
                #expect(try FileManager.default.contentsOfDirectory(atPath: directory) == ["pgpass"])
            }
        }
    }

    @Test func `costs no look at what else lies in its directory, which need not be readable`() throws {
        try withTemporaryDirectory { directory in
            if geteuid() == 0 { #expect(chown(directory, 65_534, 65_534) == 0) }
            chmod(directory, 0o300)
            defer { chmod(directory, 0o700) }
            let result = try Judge.run(["store", directory + "/pgpass", "h", "3", "nobody"])
            #expect(result.status == 0, "\(String(decoding: result.output, as: UTF8.self))")
        }
    }

    @Test func `loses no entry when several programs write at once`() throws {
        try withTemporaryDirectory { directory in
            let path = directory + "/pgpass"
            let writers = try ["a", "b", "c"].map { try Judge.start(["store", path, $0, "60"]) }
            #expect(writers.map { $0.waitForEnd().status } == [0, 0, 0])
            let file = PasswordFile(parsing: try Data(contentsOf: URL(fileURLWithPath: path)))
            for writer in ["a", "b", "c"] {
                for number in 0..<60 {
                    let login = Login(host: writer, port: "\(number)", database: "db", user: "user")
                    #expect(file.password(for: login) == "secret-\(writer)-\(number)")
                }
            }
            #expect(try text(path).split(separator: "\n").count == 180)
        }
    }

    @Test func `is never missing, cut or open to others while it is replaced two thousand times`() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory + "/pgpass"
            let destination = PasswordFileDestination(path: path)
            let secret = String(repeating: "s", count: 2_000)
            try await destination.store("\(secret)-0", for: login)
            let isOver = Mutex(false)
            async let faults = onOwnThread { () -> [String] in
                var faults: [String] = []
                var reads = 0
                while !isOver.withLock({ $0 }) || reads < 100 {
                    reads += 1
                    if mode(of: path) != 0o600 { faults.append("mode \(mode(of: path) ?? 0)") }
                    guard let data = FileManager.default.contents(atPath: path) else {
                        faults.append("missing")
                        continue
                    }
                    let text = String(decoding: data, as: UTF8.self)
                    if !text.hasPrefix("h:1:d:u:\(secret)-") || !text.hasSuffix("\n") { faults.append("cut") }
                }
                return faults
            }
            for number in 1...2_000 { try await destination.store("\(secret)-\(number)", for: login) }
            isOver.withLock { $0 = true }
            #expect(await faults == [])
        }
    }

    @Test func `survives writers that are killed at any moment`() throws {
        try withTemporaryDirectory { directory in
            let path = directory + "/pgpass"
            try Data("x:1:d:u:old\n".utf8).write(to: URL(fileURLWithPath: path))
            chmod(path, 0o600)
            for round in 0..<60 {
                let before = try text(path)
                let writer = try Judge.start(["store", path, "h", "100000"])
                // Killed once it is seen to write, each time a little later.
                while try text(path) == before, writer.isRunning {}
                for _ in 0..<round { _ = try text(path) }
                writer.send(SIGKILL)
                _ = writer.waitForEnd()
                #expect(mode(of: path) == 0o600)
                let text = try text(path)
                #expect(text.hasSuffix("x:1:d:u:old\n"))
                #expect(
                    text.split(separator: "\n").dropLast().allSatisfy {
                        $0.hasPrefix("h:") && $0.contains(":db:user:secret-h-")
                    })
            }
            #expect(try Judge.run(["store", path, "last", "1"]).status == 0)
            #expect(try FileManager.default.contentsOfDirectory(atPath: directory) == ["pgpass"])
        }
    }

    private func text(_ path: String) throws -> String {
        String(decoding: try Data(contentsOf: URL(fileURLWithPath: path)), as: UTF8.self)
    }
}
