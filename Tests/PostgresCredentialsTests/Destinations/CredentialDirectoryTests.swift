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
