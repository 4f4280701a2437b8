import CommandCredentials
import CredentialTesting
import FoundationEssentials
import Glibc
import PostgresCredentials
import Testing
import TokenCredentials

@testable import PassgresCommands

@Suite struct `The console of PgBouncer` {
    let scratch: ScratchDirectory
    let environment: ProcessEnvironment

    init() throws {
        scratch = try ScratchDirectory()
        environment = ["XDG_RUNTIME_DIR": scratch.path, "HOME": scratch.path, "PGHOST": "elsewhere"]
    }

    /// What psql was started with, and the service file it could read.
    struct Start {
        var command: Command
        var service: String?
        var modes: [UInt16?]
    }

    func start(_ connection: String, _ environment: ProcessEnvironment? = nil) async throws -> Start {
        let starts = Recorder<Start>()
        @Sendable func answer(_ command: Command) async throws(CommandError) -> CommandOutput {
            let path = command.variables["PGSERVICEFILE"] ?? ""
            let directory = path.split(separator: "/").dropLast().map { "/" + $0 }.joined()
            starts.record(
                Start(
                    command: command, service: try? String(contentsOfFile: path, encoding: .utf8),
                    modes: [path, directory].map { LocalFiles().permissions(ofFile: $0) }))
            return CommandOutput("")
        }
        let console = try PgBouncerConsole(connection, in: environment ?? self.environment, runner: StubRunner(answer))
        try await console.reload()
        return try #require(starts.all.first)
    }

    static let secrets = ConnectionKeyword.all.filter { $0.isSecret && $0.name != "password" }.map(\.name)

    @Test(arguments: secrets) func `is told no secret by an argument or a variable`(_ keyword: String) async throws {
        let start = try await start("host=/run/pgbouncer port=6432 user=admin \(keyword)=s3cr3t")
        #expect(!start.command.arguments.joined(separator: " ").contains("s3cr3t"))
        #expect(!start.command.variables.values.contains { $0.contains("s3cr3t") })
        #expect(start.command.arguments.contains { $0.contains("port='6432'") && $0.contains("dbname='pgbouncer'") })
        #expect(start.service == "[passgres]\n\(keyword)=s3cr3t\n")
        #expect(start.command.variables["PGSERVICE"] == "passgres" && start.command.variables["PGHOST"] == nil)
        #expect(start.modes == [0o600, 0o700])
        #expect(access(start.command.variables["PGSERVICEFILE"] ?? "", F_OK) != 0)
    }

    @Test func `is named by a service, whose secrets are no arguments either`() async throws {
        let file = try scratch.write(
            "[bouncer]\nhost=/run/pgbouncer\nport=6432\nuser=admin\npassword=s3cr3t\nsslpassword=s3cr3t\n",
            to: "services")
        var environment = environment
        environment["PGSERVICEFILE"] = file
        let start = try await start("service=bouncer", environment)
        #expect(!start.command.arguments.joined(separator: " ").contains("s3cr3t"))
        #expect(start.command.arguments.contains { $0.contains("port='6432'") && $0.contains("dbname='pgbouncer'") })
        #expect(start.service == "[passgres]\npassword=s3cr3t\nsslpassword=s3cr3t\n")
    }

    @Test func `needs no file where nothing is secret`() async throws {
        let start = try await start("host=/run/pgbouncer")
        #expect(start.service == nil && start.command.variables["PGSERVICE"] == nil)
    }
}

/// What was seen, in turn.
private final class Recorder<Value: Sendable>: Sendable {
    private let values = Guarded<[Value]>([])
    var all: [Value] { values.withLock { $0 } }
    func record(_ value: Value) { values.withLock { $0.append(value) } }
}
