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
    /// The new file, under the name that every writer of the file uses.
    var fresh: String { scratch.path + "/.file.passgres.new" }

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

    @Test func `half written by somebody who was killed are taken over, and no other name is touched`() throws {
        let others = ["file.1z141z4.new", "file.backup.new", "file.my notes.new", "file.new", "file.old.new"]
        for name in others { try Data("kept".utf8).write(to: URL(filePath: scratch.path + "/" + name)) }
        try Data("half of something longer".utf8).write(to: URL(filePath: fresh))
        chmod(fresh, 0o600)
        try replace("one", at: path)
        #expect(try text(at: path) == "one")
        #expect(files() == ["file"] + others)
        // One that was killed before it gave the new file its mode.
        close(open(fresh, O_WRONLY | O_CREAT | O_EXCL, 0))
        try replace("two", at: path)
        #expect(try text(at: path) == "two" && mode(path) == 0o600)
        #expect(files() == ["file"] + others)
    }

    @Test func `are not held up by a lock on their directory or on themselves`() throws {
        try replace("one", at: path)
        let locks = [open(scratch.path, O_RDONLY | O_DIRECTORY), open(path, O_RDONLY)]
        defer { for lock in locks { close(lock) } }
        for lock in locks { #expect(flock(lock, LOCK_EX | LOCK_NB) == 0) }
        try replace("two", at: path)
        #expect(try text(at: path) == "two")
    }

    @Test func `do not wait for a writer of another file`() throws {
        let lock = open(scratch.path + "/.other.passgres.new", O_RDWR | O_CREAT, 0o600)
        defer { close(lock) }
        #expect(flock(lock, LOCK_EX | LOCK_NB) == 0)
        try replace("one", at: path)
        #expect(try text(at: path) == "one")
    }

    @Test func `are no longer waited for when nobody waits for the change`() async throws {
        try replace("one", at: path)
        let lock = open(fresh, O_RDWR | O_CREAT, 0o600)
        defer { close(lock) }
        #expect(flock(lock, LOCK_EX | LOCK_NB) == 0)
        let path = path
        let task = Task {
            try await onOwnThread {
                try LocalFiles().replaceFile(at: path, limit: 1 << 20) { _ in Data("two".utf8) }
            }
        }
        task.cancel()
        let error = await #expect(throws: FileError.self) { try await task.value }
        #expect(error?.reason == .busy)
        #expect(try text(at: path) == "one" && files() == [".file.passgres.new", "file"])
    }

    @Test func `are not written through what somebody else may have put in the new one's place`() throws {
        try replace("one", at: path)
        let kept = scratch.path + "/kept"
        try replace("kept", at: kept)
        let obstacles: [(String, (String) -> Void)] = [
            ("link", { symlink(kept, $0) }), ("broken link", { symlink("none", $0) }), ("name", { link(kept, $0) }),
            ("pipe", { mkfifo($0, 0o600) }), ("directory", { mkdir($0, 0o700) }),
            (
                "open to others",
                {
                    close(open($0, O_RDWR | O_CREAT, 0o600)); chmod($0, 0o644)
                }
            ),
        ]
        for (name, make) in obstacles {
            make(fresh)
            let error = #expect(throws: FileError.self, "\(name)") { try replace("two", at: path) }
            #expect(error?.path == fresh, "\(name)")
            #expect(try text(at: path) == "one" && text(at: kept) == "kept", "\(name)")
            #expect(files() == [".file.passgres.new", "file", "kept"], "\(name)")
            if unlink(fresh) != 0 { rmdir(fresh) }
        }
    }

    @Test func `of another user are refused, and given to him only where he is named`() throws {
        // Only root can make files for others.
        guard geteuid() == 0 else { return }
        try Data().write(to: URL(filePath: path))
        #expect(chown(path, 65_534, 65_534) == 0)
        let error = #expect(throws: FileError.self) { try replace("hush", at: path) }
        #expect(error?.reason == .otherOwner("belongs to another user"))
        #expect(error?.remedy?.contains("--owner") == true)
        #expect(try text(at: path) == "" && files() == ["file"])
        for name in ["file", "fresh"] {
            let path = scratch.path + "/" + name
            try LocalFiles().replaceFile(at: path, limit: 64, trusting: FileTrust(owner: 65_534)) { _ in
                Data("hush".utf8)
            }
            var status = stat()
            #expect(stat(path, &status) == 0 && status.st_uid == 65_534 && status.st_mode & 0o7777 == 0o600)
            #expect(throws: FileError.self) { try replace("hush", at: path) }
        }
    }

    @Test func `are not written where others may write, unless that is meant`() throws {
        chmod(scratch.path, 0o777)
        let error = #expect(throws: FileError.self) { try replace("one", at: path) }
        #expect(
            error?.description
                == "writing \(path): it is in \(scratch.path), which others may write to (mode 0777; 0755 is wanted)")
        #expect(error?.remedy?.contains("--allow-shared-directory") == true)
        #expect(files() == [])
        let trust = FileTrust(sharedDirectories: [scratch.path])
        try LocalFiles().replaceFile(at: path, limit: 64, trusting: trust) { _ in Data("one".utf8) }
        #expect(try text(at: path) == "one")
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
