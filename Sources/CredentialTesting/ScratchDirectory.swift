import FoundationEssentials
import Glibc

/// A directory of its owner's alone, for one test; gone with its contents when nobody holds it any more.
public final class ScratchDirectory: Sendable {
    /// The absolute path.
    public let path: String

    /// Makes an empty directory below `/tmp`.
    ///
    /// Throws if the system refuses.
    public init() throws {
        var template = Array("/tmp/passgres-test-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw ScratchError(code: errno) }
        path = String(decoding: template.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    /// Writes a file, in place of any other of that name, and returns its path.
    ///
    /// Throws if the system refuses.
    @discardableResult
    public func write(_ text: String, to name: String, mode: UInt32 = 0o600) throws -> String {
        let file = "\(path)/\(name)"
        guard let stream = fopen(file, "we") else { throw ScratchError(code: errno) }
        fputs(text, stream)
        guard fclose(stream) == 0, chmod(file, mode) == 0 else { throw ScratchError(code: errno) }
        return file
    }

    /// Writes a shell script that can be run, and returns its path.
    ///
    /// Throws if the system refuses.
    @discardableResult
    public func writeScript(_ body: String, to name: String) throws -> String {
        try write("#!/bin/sh\n\(body)\n", to: name, mode: 0o700)
    }

    /// The text of a file; `nil` if there is none.
    public func text(of name: String) -> String? {
        guard let stream = fopen("\(path)/\(name)", "re") else { return nil }
        defer { fclose(stream) }
        var bytes: [UInt8] = []
        while case let byte = fgetc(stream), byte != EOF { bytes.append(UInt8(truncatingIfNeeded: byte)) }
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// What the system said when a directory or file for a test could not be made.
private struct ScratchError: Error {
    let code: Int32
}
