import CredentialTesting
import Foundation
import SecretStoreCredentials
import Testing
import TokenCredentials

/// A private directory that goes with the test.
final class Folder: Sendable {
    let path = FileManager.default.temporaryDirectory.path + "/passgres-test-\(UUID().uuidString)"

    init() throws {
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}

@Suite struct `A file of secrets` {
    let folder: Folder
    var base: String { folder.path }
    let key = SecretKey(kind: "sign-in", profile: "default")
    var path: String { base + "/state/passgres/secrets.json" }
    var store: FileSecretStore { FileSecretStore(path: path) }

    init() throws { folder = try Folder() }

    private func mode(_ path: String) -> mode_t {
        var status = stat()
        return lstat(path, &status) == 0 ? status.st_mode & 0o7777 : 0
    }

    private func words(_ body: () async throws -> Void) async throws -> String {
        let error = try await #require(throws: SecretStoreError.self) { try await body() }
        guard case .failed(let words) = error else {
            Issue.record("\(error)")
            return ""
        }
        #expect(!words.contains("hush"))
        return words
    }

    @Test func `lies under the state directory`() {
        #expect(
            FileSecretStore(environment: ["XDG_STATE_HOME": "/s", "HOME": "/h"])?.path == "/s/passgres/secrets.json")
        #expect(
            FileSecretStore(environment: ["XDG_STATE_HOME": "s", "HOME": "/h"])?.path
                == "/h/.local/state/passgres/secrets.json")
        #expect(FileSecretStore(environment: ["HOME": "h"]) == nil)
    }

    @Test func `gives back what was stored, and forgets it`() async throws {
        let text = "hush \"\\\n\u{0}é " + String(repeating: "x", count: 65_536)
        let other = SecretKey(kind: "client-secret", profile: "default")
        #expect(try await store.secret(for: key) == nil)
        try await store.set(text, for: key)
        try await store.set("more", for: other)
        #expect(try await store.secret(for: key) == text)
        try await store.set(nil, for: key)
        #expect(try await store.secret(for: key) == nil)
        #expect(try await store.secret(for: other) == "more")
    }

    @Test func `is its owner's alone from the start`() async throws {
        try await store.set("hush", for: key)
        #expect(mode(path) == 0o600)
        #expect(mode(base + "/state/passgres") == 0o700)
        #expect(mode(base + "/state") == 0o700)
        #expect(!everythingShown(of: store).contains("hush"))
    }

    @Test func `is not made for forgetting`() async throws {
        try await store.set(nil, for: key)
        #expect(!FileManager.default.fileExists(atPath: base + "/state"))
    }

    @Test(arguments: [0o644, 0o640, 0o604, 0o620]) func `is refused if others may open it`(mode: mode_t) async throws {
        try await store.set("hush", for: key)
        chmod(path, mode)
        #expect(
            try await words { _ = try await store.secret(for: key) }.contains(
                "is open to others (mode 0\(String(mode, radix: 8)); 0600 is wanted)"))
        _ = try await words { try await store.set("new", for: key) }
        _ = try await words { try await store.set(nil, for: key) }
        #expect(self.mode(path) == mode)
    }

    @Test func `is refused if it is a link`() async throws {
        try await store.set("hush", for: key)
        try FileManager.default.moveItem(atPath: path, toPath: base + "/elsewhere")
        try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: base + "/elsewhere")
        #expect(try await words { _ = try await store.secret(for: key) }.contains("is a symbolic link"))
        _ = try await words { try await store.set("new", for: key) }
        #expect(try String(contentsOfFile: base + "/elsewhere", encoding: .utf8).contains("hush"))
    }

    @Test func `is refused if it is no file`() async throws {
        try await store.set("hush", for: key)
        unlink(path)
        mkfifo(path, 0o600)
        #expect(try await words { _ = try await store.secret(for: key) }.contains("is not a regular file"))
    }

    @Test func `is refused if it belongs to somebody else`() async throws {
        try await store.set("hush", for: key)
        // Only root can give a file away; everybody else finds one of root's.
        let foreign = geteuid() == 0 ? path : "/etc/passwd"
        if geteuid() == 0 { #expect(chown(path, 65_534, 65_534) == 0) }
        let store = FileSecretStore(path: foreign)
        #expect(try await words { _ = try await store.secret(for: key) }.contains("belongs to another user"))
        _ = try await words { try await store.set("new", for: key) }
    }

    @Test func `is refused in a directory others may write to`() async throws {
        try await store.set("hush", for: key)
        chmod(base + "/state/passgres", 0o777)
        let wanted = "\(base)/state/passgres is a directory that others may write to (mode 0777; 0755 is wanted)"
        #expect(try await words { try await store.set("new", for: key) }.contains(wanted))
        #expect(try await words { _ = try await store.secret(for: key) }.contains(wanted))
        #expect(try await words { _ = try await store.profiles(ofKind: "sign-in") }.contains(wanted))
    }

    @Test(arguments: ["", "{}", "hush", #"{"version":2,"secrets":[]}"#])
    func `is left as it is if it cannot be read`(contents: String) async throws {
        try await store.set("x", for: key)
        try Data(contents.utf8).write(to: URL(fileURLWithPath: path))
        chmod(path, 0o600)
        _ = try await words { _ = try await store.secret(for: key) }
        _ = try await words { try await store.set("new", for: key) }
        #expect(try String(contentsOfFile: path, encoding: .utf8) == contents)
    }

    @Test func `takes no more than it can give back`() async throws {
        try await store.set("hush", for: key)
        let large = String(repeating: "x", count: 3 << 20)
        try await store.set(large, for: SecretKey(kind: "test", profile: "a"))
        let refused = try await words { try await store.set(large, for: SecretKey(kind: "test", profile: "b")) }
        #expect(refused.contains(path) && refused.contains("4194304 bytes"))
        #expect(try await store.secret(for: key) == "hush")
        #expect(try await store.profiles(ofKind: "test") == ["a"])
    }

    @Test func `stays whole on a full disk`() async throws {
        let files = MemoryFiles()
        files.setFault(.system(errno: ENOSPC), at: path)
        let store = FileSecretStore(path: path, files: files)
        #expect(try await words { try await store.set("new", for: key) }.contains("No space left on device"))
    }

    @Test func `takes changes from many at once`() async throws {
        let store = store
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<20 {
                group.addTask { try? await store.set("\(number)", for: SecretKey(kind: "test", profile: "p\(number)")) }
            }
        }
        for number in 0..<20 {
            #expect(try await store.secret(for: SecretKey(kind: "test", profile: "p\(number)")) == "\(number)")
        }
    }
}
