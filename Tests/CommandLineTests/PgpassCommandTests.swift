import Foundation
import LocalEntra
import Testing
import TokenCredentials

@Suite struct `passgres pgpass` {
    let connection = "host=db.example port=6000 dbname=orders user=orders-api"

    @Test func `puts its entry first and keeps every other byte`() async throws {
        try await Cloud.with { cloud in
            let old = "# mine\r\nother:5432:*:me:pw\ndb.example:6000:orders:orders-api:old\n*:*:*:*:last"
            let file = try cloud.scratch.write(old, to: ".pgpass")
            let ending = try await cloud.tool("pgpass", connection)
            #expect(ending.status == 0 && ending.output == "")
            let new = try String(contentsOfFile: file, encoding: .utf8)
            let lines = new.split(separator: "\n", omittingEmptySubsequences: false)
            #expect(lines.first?.hasPrefix("db.example:6000:orders:orders-api:eyJ") == true)
            #expect(new.hasSuffix("\n# mine\r\nother:5432:*:me:pw\n*:*:*:*:last"))
            #expect(try cloud.scratch.mode(of: ".pgpass") == 0o600)
            #expect(!ending.errors.contains("eyJ"))
        }
    }

    @Test func `prints the line and touches no file`() async throws {
        try await Cloud.with { cloud in
            let ending = try await cloud.tool("pgpass", "--stdout", connection)
            #expect(ending.output.hasPrefix("db.example:6000:orders:orders-api:eyJ") && ending.lines.count == 1)
            #expect(cloud.scratch.names == ["ca.pem"])
        }
    }

    @Test func `writes an entry for each server of each connection`() async throws {
        try await Cloud.with { cloud in
            let file = cloud.scratch.path + "/mine"
            let ending = try await cloud.tool(
                "pgpass", "--passfile", file, "host=a,b port=1,2 user=u dbname=d", "postgresql://v@c/e", "--quiet")
            #expect(ending.status == 0 && ending.errors == "")
            let keys = try String(contentsOfFile: file, encoding: .utf8).split(separator: "\n")
                .map { $0.split(separator: ":").prefix(4).joined(separator: ":") }
            #expect(Set(keys) == ["a:1:d:u", "b:2:d:u", "c:5432:e:v"])
        }
    }

    @Test func `ends with 74 and its own sentence for a file that cannot be`() async throws {
        try await Cloud.with { cloud in
            let directory = cloud.scratch.path + "/directory"
            try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: false)
            symlink("nowhere", cloud.scratch.path + "/broken")
            for (path, reason) in [
                (directory, "directory"), (cloud.scratch.path + "/no/file", "No such file"),
                (cloud.scratch.path + "/broken", "link"), ("/dev/null", "not a regular file"),
            ] {
                let ending = try await cloud.tool("pgpass", "--passfile", path, connection)
                #expect(ending.status == 74, "\(path)")
                #expect(ending.errors.contains(path) && ending.errors.contains(reason), "\(ending.errors)")
            }
        }
    }

    @Test func `refuses what a password file cannot hold`() async throws {
        try await Cloud.with { cloud in
            let ending = try await cloud.tool("pgpass", "host=db.example user='a\nb' dbname=d")
            #expect(ending.status == 64)
            #expect(cloud.scratch.names == ["ca.pem"])
        }
    }

    @Test func `loses no entry when two write at once`() async throws {
        try await Cloud.with { cloud in
            let file = cloud.scratch.path + "/both"
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<12 {
                    group.addTask {
                        let ending = try await cloud.tool(
                            "pgpass", "--passfile", file, "host=h\(number) user=u dbname=d")
                        #expect(ending.status == 0, "\(ending.errors)")
                    }
                }
                try await group.waitForAll()
            }
            #expect(try String(contentsOfFile: file, encoding: .utf8).split(separator: "\n").count == 12)
        }
    }

    @Test func `killed at any moment, leaves no file empty, cut or open to others`() async throws {
        try await Cloud.with { cloud in
            let file = cloud.scratch.path + "/killed"
            let kept = (0..<50).map { "kept-\($0):5432:d:u:" + String(repeating: "p", count: 200) + "\n" }.joined()
            _ = try cloud.scratch.write("db.example:6000:orders:orders-api:old\n" + kept, to: "killed")
            chmod(file, 0o600)
            let watch = FileWatch(file) { text in
                text.hasPrefix("db.example:6000:orders:orders-api:") && text.hasSuffix(kept)
            }
            // What a whole run takes; the kills are spread over it, the last of it most, where the file is written.
            let whole = try await cloud.tool("pgpass", "--passfile", file, connection).seconds
            for number in 0..<200 {
                let run = try cloud.tool.start(["pgpass", "--passfile", file, connection])
                let moment = Date().addingTimeInterval(whole * (0.3 + 0.9 * Double(number) / 200))
                while run.isRunning, Date() < moment { sched_yield() }
                run.send(SIGKILL)
                _ = await run.ending()
            }
            let (reads, faults) = watch.end()
            #expect(faults == [])
            #expect(reads > 1000)
            let ended = try await cloud.tool("pgpass", "--passfile", file, connection).status
            #expect(ended == 0)
            #expect(cloud.scratch.names == ["ca.pem", "killed"], "what the killed ones left is cleared away")
        }
    }
}

/// Reads a file over and over, on a thread of its own, and notes what no reader may ever see.
private final class FileWatch: @unchecked Sendable {
    private let condition = NSCondition()
    private var isOver = false
    private var isDone = false
    private var reads = 0
    private var faults: Set<String> = []

    init(_ path: String, _ isWhole: @escaping @Sendable (String) -> Bool) {
        Thread.detachNewThread { [self] in
            while condition.withLock({ !isOver }) {
                let fault = Self.fault(path, isWhole)
                condition.withLock {
                    reads += 1
                    if let fault { faults.insert(fault) }
                }
            }
            condition.withLock {
                isDone = true
                condition.broadcast()
            }
        }
    }

    func end() -> (reads: Int, faults: Set<String>) {
        condition.lock()
        defer { condition.unlock() }
        isOver = true
        while !isDone { condition.wait() }
        return (reads, faults)
    }

    private static func fault(_ path: String, _ isWhole: (String) -> Bool) -> String? {
        let file = open(path, O_RDONLY)
        guard file >= 0 else { return "not there" }
        defer { close(file) }
        var status = stat()
        fstat(file, &status)
        if status.st_mode & 0o777 != 0o600 { return "mode \(String(status.st_mode & 0o777, radix: 8))" }
        let text = String(decoding: FileHandle(fileDescriptor: file).readDataToEndOfFile(), as: UTF8.self)
        if text.isEmpty { return "empty" }
        return isWhole(text) ? nil : "cut"
    }
}
