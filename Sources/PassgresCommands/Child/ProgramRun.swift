import ArgumentParser
import KnownFailures
import PostgresCredentials
import TokenCredentials

/// Runs a program that is logged in for as long as it runs.
struct ProgramRun {
    /// How the program learns the password.
    enum PasswordWay {
        /// By a private file that is kept fresh.
        case file
        /// By a variable, once.
        case variable
    }

    let session: Session
    let tls: TLSOptions
    let common: CommonOptions

    /// Runs the program and ends as it ends; what stood in the way of a login is said after its own words.
    func run(
        _ command: [String], handingOver way: PasswordWay = .file, hearing relay: ErrorRelay? = nil
    ) async throws {
        let version = LocalLibpq.number.map { LibpqVersion(major: $0 / 10_000) }
        let (connection, token) = try await session.login(
            allowing: tls.allowSslmode, targeting: version ?? .oldest)
        for warning in connection.warnings(for: token, in: session.environment) { common.note("warning: \(warning)") }
        common.noteLost(from: connection)
        common.noteUnknown(in: connection, handedOver: .variables)
        var variables = ChildEnvironment(session.environment, connection)
        ForwardedSignals.hold()
        guard way == .file else {
            variables["PGPASSWORD"] = connection.password
            return try await run(command, variables, relay, connection)
        }
        let directory = try PrivateDirectory(in: session.environment)
        defer { directory.remove() }
        let path = directory.path + "/pgpass"
        variables["PGPASSFILE"] = path
        let keeper = self.keeper(of: path, session, connection, token)
        do {
            try await keeper.store()
        } catch {
            throw CommandFailure(error)
        }
        let keeping = Task { await keeper.run() }
        defer { keeping.cancel() }
        var kept = connection
        kept.password = nil
        kept.passfile = path
        try await run(command, variables, relay, kept)
    }

    private func run(
        _ command: [String], _ variables: ChildEnvironment, _ relay: ErrorRelay?, _ connection: ConnectionInfo
    ) async throws {
        let (status, words) = try await ChildProcess.run(command, variables.dictionary, by: relay)
        let fault = ProgramFault(
            program: command.first ?? "", status: status, words: words, database: connection.database)
        let login = RefusedLogin(
            connection: connection, request: session.request, environment: session.environment)
        let text = await WaitNotice(quiet: common.quiet).during("looking for what stood in the way") {
            await fault.explanation { await login.causeUnlessSignalled() }
        }
        if let text { Terminal.standardError.write(text) }
        throw ExitCode(status)
    }

    /// Keeps the private file fresh. Any database will do in a file that only this program reads: `\c` and the dump
    /// tools change it.
    private func keeper(
        of path: String, _ session: Session, _ connection: ConnectionInfo, _ token: AccessToken
    ) -> PasswordKeeper {
        let source = TokenSource(session.chain, for: session.request, startingWith: token)
        let assignment = PasswordAssignment(
            source, logins: connection.logins.map { KeptLogin($0, reaching: .anyDatabase) },
            storingIn: [PasswordFileDestination(path: path)])
        let common = common
        return PasswordKeeper([assignment]) { event in
            if event.kind == .notRenewed || event.kind == .notStored { common.note(FailureTable.coded("\(event)")) }
        }
    }
}
