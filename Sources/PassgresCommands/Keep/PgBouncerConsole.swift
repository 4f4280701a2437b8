import CommandCredentials
import PostgresCredentials
import TokenCredentials

/// A running PgBouncer, told through its console, by psql.
struct PgBouncerConsole: PgBouncerReload {
    private let connection: ConnectionInfo
    private let environment: ProcessEnvironment
    private let runner: any CommandRunner

    /// Names the console; its database is `pgbouncer` unless another is named.
    init(
        _ text: String, in environment: ProcessEnvironment, runner: any CommandRunner = SubprocessRunner()
    ) throws {
        var connection = try ConnectionInfo(text)
        guard connection.password == nil else {
            throw CommandFailure(
                .configuration, "the connection to PgBouncer's console holds a password: put it into a password file")
        }
        if connection.database == nil { connection.database = "pgbouncer" }
        self.connection = connection
        self.environment = environment
        self.runner = runner
    }

    func reload() async throws {
        guard case .found(let psql) = runner.location(of: "psql", in: environment) else {
            throw DestinationError("psql is not on the PATH, and PgBouncer is told by it", remedy: "Install psql.")
        }
        let command = Command(
            psql, ["-X", "-q", "-w", "-d", connection.conninfo, "-c", "RELOAD"],
            variables: ChildEnvironment(environment, ConnectionInfo()).dictionary.merging(passwordFile) { $1 })
        let output: CommandOutput
        do {
            output = try await runner.run(command)
        } catch {
            throw DestinationError("psql could not tell PgBouncer: \(error)")
        }
        guard output.isSuccess else {
            throw DestinationError(
                "PgBouncer's console did not take RELOAD: psql failed",
                remedy: "See that the user is among admin_users, and has an entry in the password file.")
        }
    }

    private var passwordFile: [String: String] {
        environment["PGPASSFILE"].map { ["PGPASSFILE": $0] } ?? [:]
    }
}
