import FoundationEssentials
import Glibc
import Testing
import TokenCredentials

@Suite struct `Local files` {
    /// A directory that is gone when the suite's instance is.
    final class Scratch: Sendable {
        let path: String
        init() {
            var template = Array("/tmp/passgres-test-XXXXXX".utf8CString)
            mkdtemp(&template)
            path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        }
        deinit { try? FileManager.default.removeItem(atPath: path) }
    }

    let scratch = Scratch()
    var path: String { scratch.path + "/file" }

    func mode(_ path: String) -> UInt32 {
        var status = stat()
        return stat(path, &status) == 0 ? status.st_mode & 0o7777 : 0
    }

    func replace(_ text: String, at path: String) throws {
        try LocalFiles().replaceFile(at: path, limit: 1 << 20) { _ in Data(text.utf8) }
    }

    func text(at path: String) throws -> String? {
        try LocalFiles().contents(ofFile: path, limit: 1 << 20).map { String(decoding: $0, as: UTF8.self) }
    }

    func files() -> [String] { (try? FileManager.default.contentsOfDirectory(atPath: scratch.path).sorted()) ?? [] }

    @Test func `are read whole, and told from files that are not there`() throws {
        #expect(try text(at: path) == nil)
        try replace("one", at: path)
        #expect(try text(at: path) == "one")
    }

    @Test func `are their owner's alone, whatever the mask and the old mode`() throws {
        let mask = umask(0o777)
        defer { umask(mask) }
        try replace("one", at: path)
        #expect(mode(path) == 0o600)
        chmod(path, 0o644)
        try replace("two", at: path)
        #expect(mode(path) == 0o600)
        #expect(files() == ["file"])
    }

    @Test func `are replaced where a link leads, and the link stays`() throws {
        try replace("one", at: path)
        symlink("file", scratch.path + "/link")
        try replace("two", at: scratch.path + "/link")
        #expect(try text(at: path) == "two")
        var status = stat()
        lstat(scratch.path + "/link", &status)
        #expect(status.st_mode & S_IFMT == S_IFLNK)
    }

    @Test func `that are something else are refused and left alone`() throws {
        mkdir(scratch.path + "/directory", 0o700)
        mkfifo(scratch.path + "/pipe", 0o600)
        symlink("nowhere", scratch.path + "/broken")
        symlink("circle", scratch.path + "/circle")
        for (name, reason) in [
            ("directory", FileError.Reason.system(errno: EISDIR)), ("pipe", .notARegularFile), ("broken", .brokenLink),
            ("circle", .brokenLink),
        ] {
            let error = #expect(throws: FileError.self) { try replace("x", at: scratch.path + "/" + name) }
            #expect(error?.reason == reason)
        }
        #expect(files() == ["broken", "circle", "directory", "pipe"])
    }

    @Test func `that are too long are not read`() throws {
        try replace(String(repeating: "x", count: 2000), at: path)
        let error = #expect(throws: FileError.self) { try LocalFiles().contents(ofFile: path, limit: 1999) }
        #expect(error?.description == "reading \(path): it is longer than 1999 bytes")
    }

    @Test func `in a directory that is not there cannot be written`() {
        let error = #expect(throws: FileError.self) { try replace("x", at: scratch.path + "/no/file") }
        #expect(error?.reason == .system(errno: ENOENT))
    }

    @Test func `stay as they are when the change is called off or fails`() throws {
        struct Refused: Error {}
        try replace("one", at: path)
        try LocalFiles().replaceFile(at: path, limit: 1 << 20) { _ in nil }
        #expect(throws: Refused.self) {
            try LocalFiles().replaceFile(at: path, limit: 1 << 20) { _ in throw Refused() }
        }
        #expect(try text(at: path) == "one")
        #expect(files() == ["file"])
    }

    @Test func `changed by somebody meanwhile are changed again, not overwritten`() throws {
        try replace("one", at: path)
        var seen: [String] = []
        try LocalFiles().replaceFile(at: path, limit: 1 << 20) { old in
            let text = String(decoding: old ?? Data(), as: UTF8.self)
            seen.append(text)
            if seen.count == 1 { try Data("other".utf8).write(to: URL(filePath: path)) }
            return Data("\(text)+".utf8)
        }
        #expect(seen == ["one", "other"])
        #expect(try text(at: path) == "other+")
    }

    @Test func `half written by somebody who was killed are cleared away`() throws {
        try Data("half".utf8).write(to: URL(filePath: path + ".1z141z4.new"))
        try Data("kept".utf8).write(to: URL(filePath: path + ".my notes.new"))
        try replace("one", at: path)
        #expect(files() == ["file", "file.my notes.new"])
    }

    @Test func `lose no change when many write at once`() async throws {
        let path = path
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<50 {
                group.addTask {
                    try await onOwnThread {
                        try LocalFiles().replaceFile(at: path, limit: 1 << 20) {
                            ($0 ?? Data()) + Data("\(number)\n".utf8)
                        }
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(Set(try text(at: path)?.split(separator: "\n") ?? []).count == 50)
    }
}
