import CTestPQ
import Foundation
import SpawnedPrograms
import TokenCredentials

@testable import PostgresCredentials

/// What libpq itself says.
enum Judge {
    /// Reads a connection string: values by keyword, as bytes; `nil` if libpq refuses it.
    static func parse(_ text: [UInt8]) -> [String: [UInt8]]? {
        var message: UnsafeMutablePointer<CChar>?
        let terminated = text.map { CChar(bitPattern: $0) } + [0]
        let options = PQconninfoParse(terminated, &message)
        if let message { PQfreemem(message) }
        guard let options else { return nil }
        defer { PQconninfoFree(options) }
        var values: [String: [UInt8]] = [:]
        var option = options
        while let keyword = option.pointee.keyword {
            if let value = option.pointee.val {
                values[String(cString: keyword)] = Array(UnsafeBufferPointer(start: value, count: strlen(value)))
                    .map(UInt8.init(bitPattern:))
            }
            option += 1
        }
        return values
    }

    /// Reads a connection string.
    static func parse(_ text: String) -> [String: [UInt8]]? { parse(Array(text.utf8)) }

    /// The keywords this libpq knows.
    static let keywords: Set<String> = {
        guard let options = PQconninfoParse("", nil) else { return [] }
        defer { PQconninfoFree(options) }
        var names: Set<String> = []
        var option = options
        while let keyword = option.pointee.keyword {
            names.insert(String(cString: keyword))
            option += 1
        }
        return names
    }()

    /// What libpq takes for each keyword in an environment.
    static func defaults(in environment: [String: String]) throws -> [String: String] {
        let parts = try run(["defaults"], environment: environment).output.split(
            separator: 0, omittingEmptySubsequences: false
        ).map { String(decoding: $0, as: UTF8.self) }
        var values: [String: String] = [:]
        for index in stride(from: 0, to: parts.count - 1, by: 2) { values[parts[index]] = parts[index + 1] }
        return values
    }

    /// The password libpq would send for each connection string, given a password file of these contents.
    static func passwords(
        _ cases: [(connection: String, file: [UInt8])], environment: [String: String] = [:]
    ) throws -> [String?] {
        try withTemporaryDirectory { directory in
            var input = Data()
            for (index, one) in cases.enumerated() {
                let path = "\(directory)/\(index)"
                guard
                    FileManager.default.createFile(
                        atPath: path, contents: Data(one.file), attributes: [.posixPermissions: 0o600])
                else { throw POSIXError(.EIO) }
                input += Data("\(one.connection) passfile='\(path)' sslmode=disable gssencmode=disable\0".utf8)
            }
            let variables = ["HOME": directory].merging(environment) { _, given in given }
            let answers = try run(["passwords"], environment: variables, input: input).output.split(separator: 0)
            return answers.map { answer in
                answer.first == UInt8(ascii: "+") ? String(decoding: answer.dropFirst(), as: UTF8.self) : nil
            }
        }
    }

    /// Runs the program that has libpq in it.
    static func run(
        _ arguments: [String], environment: [String: String] = [:], input: Data = Data()
    ) throws -> (status: Int32, output: Data) {
        let ending = try start(arguments, environment: environment, input: input).waitForEnd()
        return (ending.status, ending.output)
    }

    /// Starts the program that has libpq in it.
    static func start(
        _ arguments: [String], environment: [String: String] = [:], input: Data = Data()
    ) throws -> SpawnedProgram {
        let program = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
            .deletingLastPathComponent().appendingPathComponent("PostgresJudge")
        var variables = environment
        variables["LD_LIBRARY_PATH"] = ProcessInfo.processInfo.environment["LD_LIBRARY_PATH"]
        return try SpawnedProgram(
            program.path, arguments, environment: variables, input: input.isEmpty ? nil : input)
    }
}

/// Lends a directory that others may look into, and removes it afterwards.
func withTemporaryDirectory<Result>(_ body: (String) throws -> Result) throws -> Result {
    let path = try makeTemporaryDirectory()
    defer { removeTemporaryDirectory(path) }
    return try body(path)
}

/// Lends a directory that others may look into, and removes it afterwards.
func withTemporaryDirectory<Result>(_ body: (String) async throws -> Result) async throws -> Result {
    let path = try makeTemporaryDirectory()
    defer { removeTemporaryDirectory(path) }
    return try await body(path)
}

private func makeTemporaryDirectory() throws -> String {
    let path = FileManager.default.temporaryDirectory.path + "/passgres-test-\(UUID().uuidString)"
    try FileManager.default.createDirectory(
        atPath: path, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o755])
    return path
}

private func removeTemporaryDirectory(_ path: String) {
    try? FileManager.default.removeItem(atPath: path)
}

/// The mode of a file, of a link itself if it is one; `nil` if there is none.
func mode(of path: String) -> mode_t? {
    var status = stat()
    return lstat(path, &status) == 0 ? status.st_mode & 0o7777 : nil
}

extension ConnectionInfo {
    /// Values by keyword, as bytes.
    var bytes: [String: [UInt8]] { values.mapValues { Array($0.text.utf8) } }
}
