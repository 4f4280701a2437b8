import Foundation
import LocalEntra
import Testing

@Suite(.serialized) struct `A wait` {
    /// What a terminal shows while a credential program does not answer.
    static func shown(_ command: String, _ variables: [String: String] = [:]) async throws -> String {
        let scratch = Scratch()
        let program = try scratch.write("#!/bin/sh\nexec sleep 60\n", to: "passgres-credential-slow")
        chmod(program, 0o700)
        var tool = Tool(["TERM": "xterm"].merging(variables) { $1 })
        tool.environment["PATH"] = scratch.path + ":" + (tool.environment["PATH"] ?? "")
        let parts = command.components(separatedBy: " -- ")
        let line = ([Tool.path + " " + parts[0] + " --timeout 1.2"] + parts.dropFirst()).joined(separator: " -- ")
        return try await Tool.Running("/usr/bin/script", ["-qefc", line, "/dev/null"], tool.environment).ending().output
    }

    static let commands = [
        ("token --credentials slow", "slow"), ("explain --credentials slow", "slow"),
        ("pgpass --stdout --credentials slow", "slow"), ("exec --credentials slow -- true", "slow"),
        ("doctor --credentials slow", "credentials"), ("credentials check slow", "passgres-credential-slow"),
    ]

    @Test(arguments: commands)
    func `is shown on a terminal, and taken back`(command: String, name: String) async throws {
        let text = try await Self.shown(command)
        #expect(text.contains("\u{1b}[Kpassgres: waiting for") && text.contains(name), "\(text.debugDescription)")
        #expect(text.contains("…\r\u{1b}[K"))
    }

    @Test(arguments: commands, [["NO_COLOR": "1"], ["TERM": "dumb"]])
    func `is a plain line where no styles are wanted`(
        command: (line: String, name: String), variables: [String: String]
    ) async throws {
        let text = try await Self.shown(command.line, variables)
        #expect(text.contains("passgres: waiting for") && text.contains(command.name))
        #expect(!text.contains("\u{1b}"), "\(text.debugDescription)")
    }

    @Test(arguments: commands)
    func `is not shown to whoever wants quiet`(command: String, name: String) async throws {
        let parts = command.components(separatedBy: " -- ")
        let quiet = ([parts[0] + " --quiet"] + parts.dropFirst()).joined(separator: " -- ")
        #expect(try await !Self.shown(quiet).contains("waiting for"))
    }
}
