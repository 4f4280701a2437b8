import ArgumentParser
import PostgresCredentials
import TokenCredentials

/// `passgres exec`: runs a program with a password file that is fresh while it runs and gone afterwards.
struct ExecCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "exec",
        abstract: "Run a program that finds its connection and a fresh password in the PG* variables.",
        discussion: """
            The program gets PGHOST, PGPORT, PGDATABASE, PGUSER, PGSSLMODE and their like, and PGPASSFILE naming a private \
            file. --timeout bounds the time until the program starts.
            """)

    @Argument(help: "Connection: keyword/value string, URI, or nothing for the PG* variables.")
    var connection: String?

    @Argument(parsing: .postTerminator, help: "After --: the program and its arguments.")
    var command: [String] = []

    @OptionGroup var running: RunOptions

    func validate() throws {
        if command.isEmpty {
            throw ValidationError("Name the program to run after --, as in: passgres exec -- pg_dump -Fc")
        }
    }

    func perform() async throws {
        try await running.run(command, connection)
    }
}

/// `passgres psql`: `exec` of `psql`.
struct PsqlCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "psql", abstract: "Run psql, logged in.",
        discussion: "psql's own options stand after --, as in: passgres psql host=db.example -- -c 'select 1'")

    @Argument(help: "Connection: keyword/value string, URI, or nothing for the PG* variables.")
    var connection: String?

    @Argument(parsing: .postTerminator, help: "After --: arguments for psql.")
    var arguments: [String] = []

    @OptionGroup var running: RunOptions

    func perform() async throws {
        try await running.run(["psql"] + arguments, connection)
    }
}

/// What `exec` and `psql` have in common.
struct RunOptions: ParsableArguments {
    @Flag(
        name: .customLong("password-variable"),
        help: """
            Pass the token in PGPASSWORD and write no file. Others of the same user can read it there, and it ends with \
            the token: for programs that read no password file.
            """)
    var usesPasswordVariable = false

    @OptionGroup var tls: TLSOptions
    @OptionGroup var options: CredentialOptions
    @OptionGroup var common: CommonOptions

    /// Runs the program and ends as it ends.
    func run(_ command: [String], _ text: String?) async throws {
        let session = try Session(text, options, common)
        try await ProgramRun(session: session, tls: tls, common: common).run(
            command, handingOver: usesPasswordVariable ? .variable : .file)
    }
}
