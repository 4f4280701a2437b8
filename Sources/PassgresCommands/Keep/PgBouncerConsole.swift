import CommandCredentials
import PostgresCredentials
import TokenCredentials

/// A running PgBouncer, told through its console, by psql.
struct PgBouncerConsole: PgBouncerReload {
    /// A PgBouncer that is well answers at once.
    private static let patience = Duration.seconds(5)
    private let connection: ConnectionInfo
    private let environment: ProcessEnvironment
    private let runner: any CommandRunner
    private let process: PgBouncerProcess?

    /// Names the console; its database is `pgbouncer` unless another is named. The process tells whom it runs as.
    init(
        _ text: String, in environment: ProcessEnvironment, runningAs process: PgBouncerProcess? = nil,
        runner: any CommandRunner = SubprocessRunner()
    ) throws {
        self.process = process
        var connection = try ConnectionInfo(text)
        guard connection.password == nil else {
            throw CommandFailure(
                .configuration, "the connection to PgBouncer's console holds a password: put it into a password file")
        }
        if connection["service"] != nil {
            // Read here, and by no variable but those that lead to it: secrets go in a service of their own.
            let names: Set = ["PGSERVICEFILE", "PGSYSCONFDIR", "HOME"]
            connection = try connection.resolved(
                in: ProcessEnvironment(environment.dictionary.filter { names.contains($0.key) }))
        }
        if connection.database == nil || connection.origin(of: "dbname") == .builtIn {
            connection.database = "pgbouncer"
        }
        self.connection = connection
        self.environment = environment
        self.runner = runner
    }

    func reload() async throws { _ = try await answer(to: "RELOAD") }

    /// What `SHOW VERSION` answers; `nil` for a PgBouncer before 1.12, which says it as a notice.
    func version() async throws -> PgBouncerVersion? {
        PgBouncerVersion(answer: try await answer(to: "SHOW VERSION"))
    }

    func user() async throws -> UInt32? { try await process?.user() }

    private func answer(to order: String) async throws -> String {
        guard let psql = runner.location(of: "psql", in: environment).path else {
            throw DestinationError("psql is not on the PATH, and PgBouncer is told by it", remedy: "Install psql.")
        }
        let secrets = try await onOwnThread { [connection, environment] () throws -> SecretSettings? in
            try SecretSettings(of: connection, in: environment)
        }
        defer { secrets?.remove() }
        let command = Command(
            psql, ["-X", "-q", "-w", "-A", "-t", "-d", connection.withoutSecrets.conninfo, "-c", order],
            variables: ChildEnvironment(environment, ConnectionInfo()).dictionary
                .merging(passwordFile) { $1 }.merging(secrets?.variables ?? [:]) { $1 },
            timeLimit: Self.patience)
        let output: CommandOutput
        do throws(CommandError) {
            output = try await runner.run(command)
        } catch .timedOut {
            throw DestinationError(
                "PgBouncer's console did not answer \(order) within \(Int(Self.patience.inSeconds)) seconds",
                remedy: "See that PgBouncer runs, and that nothing in between swallows the connection.")
        } catch {
            throw DestinationError("psql could not tell PgBouncer: \(error)")
        }
        switch output.ending {
        case .exited(0): return String(decoding: output.output, as: UTF8.self)
        // What psql ends with where no connection was made, or where it was lost.
        case .exited(2):
            throw DestinationError(
                "PgBouncer's console could not be logged in to",
                remedy: "See that PgBouncer runs at the address named, that the user is among admin_users, and that it"
                    + " has an entry in the password file if PgBouncer asks for a password.")
        default:
            throw DestinationError(
                "PgBouncer's console did not take \(order)",
                remedy: "Log in as one of admin_users: the users of stats_users may only look.")
        }
    }

    private var passwordFile: [String: String] {
        environment["PGPASSFILE"].map { ["PGPASSFILE": $0] } ?? [:]
    }
}
