import Foundation
import Glibc
import LocalEntra
import SharedTokenCache
import Testing
import TokenCredentials

@Suite(.serialized) struct `Sixty processes that start together` {
    let workshop: Workshop

    init() throws { workshop = try Workshop() }

    @Test func `make one request and all have the token`() async throws {
        let cloud = try await start()
        cloud.inject(.delay(.milliseconds(300)), at: .imds)
        let askers = try (0..<60).map { _ in try Asker(in: workshop, cloud) }
        let answers = try await run(askers) {}
        #expect(answers.count { $0.hasPrefix("token ") } == 60)
        #expect(Set(answers).count == 1)
        #expect(cloud.requests(to: .imds).count == 1)

        let late = try Asker(in: workshop, cloud)
        #expect(try await run([late]) {} == [answers[0]])
        #expect(cloud.requests(to: .imds).count == 1)
        try await cloud.shutdown()
    }

    @Test func `lose nothing but the one who is killed while it asks`() async throws {
        let cloud = try await start()
        cloud.inject(.silence, at: .imds)
        let askers = try (0..<60).map { _ in try Asker(in: workshop, cloud) }
        let answers = try await run(askers) {
            let asking = await Self.firstAsking(among: askers)
            while cloud.requests(to: .imds).isEmpty { await Task.yield() }
            kill(asking.process, SIGKILL)
        }
        #expect(answers.count { $0.hasPrefix("token ") } == 59)
        #expect(answers.count { $0 == "asking" } == 1)
        #expect(Set(answers).count == 2)
        #expect(cloud.requests(to: .imds).count == 2)
        try await cloud.shutdown()
    }

    @Test func `share a failure, and whoever comes after it asks once for all again`() async throws {
        let cloud = try await start()
        cloud.inject(.reply(status: 400, body: #"{"error":"invalid_request","error_description":"no"}"#), at: .imds)
        let askers = try (0..<60).map { _ in try Asker(in: workshop, cloud) }
        let answers = try await run(askers) {}
        #expect(answers.allSatisfy { $0.hasPrefix("token ") || $0.hasPrefix("failed ") })
        #expect(answers.contains { $0.hasPrefix("failed ") })
        // One if all were waiting by then.
        #expect((1...2).contains(cloud.requests(to: .imds).count))
        try await cloud.shutdown()
    }

    private func start() async throws -> LocalCloud {
        try await LocalCloud.start(
            Configuration(
                tenant: LocalTenant(managedIdentities: [
                    .systemAssigned(
                        machine: "vm", clientID: "7e57ab1e-0000-4000-8000-0000000000b1",
                        objectID: "7e57ab1e-0000-4000-8000-0000000000b2")
                ])))
    }

    /// Lets all of them go at once, and returns the last line each has said.
    private func run(_ askers: [Asker], meanwhile: () async -> Void) async throws -> [String] {
        for asker in askers { await asker.waitUntilReady() }
        workshop.openGate()
        await meanwhile()
        var answers: [String] = []
        for asker in askers { answers.append(await asker.lastLine()) }
        return answers
    }

    private static func firstAsking(among askers: [Asker]) async -> Asker {
        while true {
            for asker in askers where asker.lines.withLock({ $0.contains("asking") }) { return asker }
            await Task.yield()
        }
    }
}

extension Workshop {
    /// The file whose lock holds the askers back; locked by the first who wants it.
    var gate: String { base + "/gate" }

    func closeGate() {
        gateFile.withLock { file in
            guard file < 0 else { return }
            file = open(gate, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
            flock(file, LOCK_EX)
        }
    }

    func openGate() {
        gateFile.withLock { file in
            close(file)
            file = -1
        }
    }
}

/// A process that asks once.
final class Asker: Sendable {
    let process: pid_t
    let lines = Guarded<[String]>([])
    private let output: AsyncStream<String>

    init(in workshop: Workshop, _ cloud: LocalCloud) throws {
        workshop.closeGate()
        let program = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
            .deletingLastPathComponent().appendingPathComponent("TokenAsker").path
        var variables = ["AZURE_POD_IDENTITY_AUTHORITY_HOST=\(cloud.metadataAddress)"]
        if let path = ProcessInfo.processInfo.environment["LD_LIBRARY_PATH"] {
            variables.append("LD_LIBRARY_PATH=\(path)")
        }
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw POSIXError(.EMFILE) }
        let (reading, writing) = (ends[0], ends[1])
        defer { close(writing) }
        _ = fcntl(reading, F_SETFD, FD_CLOEXEC)
        _ = fcntl(writing, F_SETFD, FD_CLOEXEC)
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, writing, STDOUT_FILENO)
        let words: [String] = [program, workshop.directory.path, workshop.gate]
        var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
        var environment: [UnsafeMutablePointer<CChar>?] = variables.map { strdup($0) } + [nil]
        defer { for text in arguments + environment { free(text) } }
        var child = pid_t()
        let code = posix_spawn(&child, program, &actions, nil, &arguments, &environment)
        guard code == 0 else { throw POSIXError(POSIXErrorCode(rawValue: code) ?? .EIO) }
        process = child
        let (stream, continuation) = AsyncStream.makeStream(of: String.self)
        output = stream
        Task { [self, child] in
            await onOwnThread { self.read(reading, into: continuation) }
            await onOwnThread { _ = waitpid(child, nil, 0) }
            continuation.finish()
        }
    }

    private func read(_ file: Int32, into continuation: AsyncStream<String>.Continuation) {
        var line: [UInt8] = []
        var block = [UInt8](repeating: 0, count: 4096)
        while case let count = Glibc.read(file, &block, block.count), count > 0 {
            for byte in block[..<count] {
                if byte != UInt8(ascii: "\n") {
                    line.append(byte)
                    continue
                }
                let text = String(decoding: line, as: UTF8.self)
                line = []
                lines.withLock { $0.append(text) }
                continuation.yield(text)
            }
        }
        close(file)
    }

    func waitUntilReady() async {
        for await line in output where line == "ready" { return }
    }

    /// What was said last before the end.
    func lastLine() async -> String {
        for await _ in output {}
        return lines.withLock { $0.last ?? "" }
    }
}
