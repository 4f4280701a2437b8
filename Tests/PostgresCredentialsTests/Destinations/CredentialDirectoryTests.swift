import CredentialTesting
import Foundation
import Testing
import TokenCredentials

@testable import PostgresCredentials

@Suite struct `A credential directory` {
    let login = Login(host: "h", port: "1", database: "d", user: "u")

    func names(_ path: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: path).sorted()
    }

    @Test func `holds one file for each value, its owner's alone`() async throws {
        let scratch = try ScratchDirectory()
        let directory = CredentialDirectory(path: scratch.path)
        try await directory.store("p:w", for: login)
        let values = ["type", "host", "port", "database", "username", "user", "password"].map(scratch.text)
        #expect(values == ["postgresql", "h", "1", "d", "u", "u", "p:w"])
        #expect(mode(of: scratch.path + "/..data/password") == 0o600)
        #expect(await directory.holds([PasswordEntry(login, password: "p:w")]))
        #expect(await !directory.holds([PasswordEntry(login, password: "q")]))
    }

    @Test func `changes all values by one link, and leaves no more than the directory before`() async throws {
        let scratch = try ScratchDirectory()
        let directory = CredentialDirectory(path: scratch.path)
        for number in 1...5 { try await directory.store("p\(number)", for: login) }
        #expect(scratch.text(of: "password") == "p5")
        let manager = FileManager.default
        #expect(try manager.destinationOfSymbolicLink(atPath: scratch.path + "/password") == "..data/password")
        let current = try manager.destinationOfSymbolicLink(atPath: scratch.path + "/..data")
        #expect(try names(scratch.path + "/" + current).count == 7)
        #expect(try names(scratch.path).filter { $0.hasSuffix(".passgres") }.count == 2)
    }

    @Test func `is served again after it was removed and made anew`() async throws {
        let scratch = try ScratchDirectory()
        let path = scratch.path + "/credentials"
        let directory = CredentialDirectory(path: path)
        await #expect(throws: FileError.self) { try await directory.store("p", for: login) }
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
        try await directory.store("p", for: login)
        try FileManager.default.removeItem(atPath: path)
        #expect(await !directory.holds([PasswordEntry(login, password: "p")]))
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
        try await directory.store("q", for: login)
        #expect(try String(contentsOfFile: path + "/password", encoding: .utf8) == "q")
    }

    @Test func `does not replace a file of somebody else`() async throws {
        let scratch = try ScratchDirectory()
        try scratch.write("mine", to: "password")
        await #expect(throws: FileError.self) {
            try await CredentialDirectory(path: scratch.path).store("p", for: login)
        }
        #expect(scratch.text(of: "password") == "mine")
    }

    @Test func `does not follow or empty what it has not made`() async throws {
        let scratch = try ScratchDirectory()
        let victim = try ScratchDirectory()
        let path = victim.path
        try victim.write("kept", to: "kept")
        symlink(path, scratch.path + "/..evil.passgres")
        try FileManager.default.createDirectory(
            atPath: scratch.path + "/..my notes.passgres", withIntermediateDirectories: false)
        try scratch.write("kept", to: "..my notes.passgres/kept")
        for number in 1...3 { try await CredentialDirectory(path: scratch.path).store("p\(number)", for: login) }
        #expect(try names(path) == ["kept"])
        #expect(scratch.text(of: "..my notes.passgres/kept") == "kept")
        #expect(scratch.text(of: "password") == "p3")
    }

    @Test func `is not held up by a lock on it`() async throws {
        let scratch = try ScratchDirectory()
        let lock = open(scratch.path, O_RDONLY | O_DIRECTORY)
        defer { close(lock) }
        #expect(flock(lock, LOCK_EX | LOCK_NB) == 0)
        try await CredentialDirectory(path: scratch.path).store("p", for: login)
        #expect(scratch.text(of: "password") == "p")
    }

    @Test func `is not written where others may write, unless that is meant`() async throws {
        let scratch = try ScratchDirectory()
        chmod(scratch.path, 0o777)
        let error = await #expect(throws: FileError.self) {
            try await CredentialDirectory(path: scratch.path).store("p", for: login)
        }
        #expect(error?.description.contains("others may write to (mode 0777; 0755 is wanted)") == true)
        #expect(try names(scratch.path) == [])
        let trust = FileTrust(sharedDirectories: [scratch.path])
        for password in ["p", "q"] {
            try await CredentialDirectory(path: scratch.path, trusting: trust).store(password, for: login)
        }
        #expect(scratch.text(of: "password") == "q")
    }

    @Test func `of another user is refused, and given to him where he is named`() async throws {
        // Only root can make files for others.
        guard geteuid() == 0 else { return }
        let scratch = try ScratchDirectory()
        #expect(chown(scratch.path, 65_534, 65_534) == 0)
        await #expect(throws: FileError.self) {
            try await CredentialDirectory(path: scratch.path).store("p", for: login)
        }
        #expect(try names(scratch.path) == [])
        let directory = CredentialDirectory(path: scratch.path, trusting: FileTrust(owner: 65_534))
        for password in ["p", "q", "r"] { try await directory.store(password, for: login) }
        for name in ["password", "..data", "..data/.", "..data/password"] {
            var status = stat()
            #expect(lstat("\(scratch.path)/\(name)", &status) == 0 && status.st_uid == 65_534, "\(name)")
        }
        #expect(try names(scratch.path).filter { $0.hasSuffix(".passgres") }.count == 2)
        // A link that somebody else has put in a value's place.
        unlink(scratch.path + "/password")
        symlink("..data/host", scratch.path + "/password")
        lchown(scratch.path + "/password", 4_242, 4_242)
        await #expect(throws: FileError.self) { try await directory.store("s", for: login) }
    }

    @Test func `holds one login, and values on one line`() async throws {
        let scratch = try ScratchDirectory()
        let directory = CredentialDirectory(path: scratch.path)
        var other = login
        other.user = "v"
        let two = [PasswordEntry(login, password: "p"), PasswordEntry(other, password: "p")]
        await #expect(throws: DestinationError.self) { try await directory.store(two) }
        for password in ["", "a\n", "a\0b", "a\r"] {
            await #expect(throws: DestinationError.self) { try await directory.store(password, for: login) }
        }
        let long = String(repeating: "x", count: 1 << 20)
        let error = await #expect(throws: DestinationError.self) { try await directory.store(long, for: login) }
        #expect(error?.description.contains("1048576") == true)
        #expect(try names(scratch.path) == [])
    }
}
