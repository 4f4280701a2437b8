import Glibc
import Testing

@testable import ManagedIdentityCredentials

/// A directory of a test's own, gone with it.
final class OwnDirectory: Sendable {
    let path: String

    init() throws {
        var template = Array("/tmp/keys.XXXXXX".utf8CString)
        path = String(cString: try #require(mkdtemp(&template)))
    }

    deinit {
        for name in ["a.key", "b.key"] where unlink("\(path)/\(name)") != 0 { rmdir("\(path)/\(name)") }
        rmdir(path)
    }

    func write(_ name: String, bytes: Int, mode: mode_t = 0o440) throws {
        let file = open("\(path)/\(name)", O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
        try #require(file >= 0)
        defer { close(file) }
        let contents = [UInt8](repeating: UInt8(ascii: "k"), count: bytes)
        try #require(Glibc.write(file, contents, bytes) == bytes)
        try #require(fchmod(file, mode) == 0)
    }

    var keys: LocalKeyDirectory { LocalKeyDirectory(path) }
}

@Suite struct `A directory of keys` {
    @Test(arguments: [0, 1, 4095, 4096]) func `gives out a file as it is`(_ size: Int) throws {
        let directory = try OwnDirectory()
        try directory.write("a.key", bytes: size)
        #expect(try directory.keys.key(named: "a.key").count == size)
    }

    @Test func `gives out no long file, no link, no pipe, no directory and no file that is not there`() throws {
        let directory = try OwnDirectory()
        #expect(throws: KeyFileError.absent) { try directory.keys.key(named: "a.key") }
        try directory.write("a.key", bytes: 4097)
        #expect(throws: KeyFileError.tooLarge) { try directory.keys.key(named: "a.key") }
        try #require(symlink("\(directory.path)/a.key", "\(directory.path)/b.key") == 0)
        #expect(throws: KeyFileError.link) { try directory.keys.key(named: "b.key") }
        try #require(unlink("\(directory.path)/b.key") == 0)
        try #require(mkfifo("\(directory.path)/b.key", 0o600) == 0)
        #expect(throws: KeyFileError.notARegularFile) { try directory.keys.key(named: "b.key") }
        try #require(unlink("\(directory.path)/b.key") == 0)
        try #require(mkdir("\(directory.path)/b.key", 0o700) == 0)
        #expect(throws: KeyFileError.notARegularFile) { try directory.keys.key(named: "b.key") }
        #expect(throws: KeyFileError.absent) { try LocalKeyDirectory(directory.path + "/none").key(named: "a.key") }
    }

    @Test func `gives out nothing that everybody may write`() throws {
        let directory = try OwnDirectory()
        try directory.write("a.key", bytes: 8, mode: 0o646)
        #expect(throws: KeyFileError.foreign) { try directory.keys.key(named: "a.key") }
        try directory.write("b.key", bytes: 8)
        #expect(try directory.keys.key(named: "b.key").count == 8)
        try #require(chmod(directory.path, 0o777) == 0)
        #expect(throws: KeyFileError.foreign) { try directory.keys.key(named: "b.key") }
    }

    @Test func `is not followed where it is a link itself`() throws {
        let directory = try OwnDirectory()
        try directory.write("a.key", bytes: 8)
        let link = directory.path + ".link"
        try #require(symlink(directory.path, link) == 0)
        defer { unlink(link) }
        #expect(throws: KeyFileError.self) { try LocalKeyDirectory(link).key(named: "a.key") }
    }

    static let good = KeyFileStatus(
        mode: S_IFREG | 0o440, size: 100, owner: 999, directoryOwner: 999, directoryMode: S_IFDIR | 0o750)

    @Test func `trusts files of root and of its own owner only`() {
        var status = Self.good
        #expect(status.objection == nil)
        status.owner = 0
        #expect(status.objection == nil)
        status.owner = 1000
        #expect(status.objection == .foreign)
        status = Self.good
        status.mode = S_IFSOCK | 0o440
        #expect(status.objection == .notARegularFile)
        status = Self.good
        status.size = 4097
        #expect(status.objection == .tooLarge)
    }

    @Test(arguments: [
        (EACCES, KeyFileError.denied), (EPERM, .denied), (ENOENT, .absent), (ELOOP, .link), (EIO, .system(errno: EIO)),
    ])
    func `says what the system said`(_ code: Int32, _ expected: KeyFileError) {
        #expect(KeyFileError(errno: code) == expected)
    }
}
