import ArgumentParser
import FoundationEssentials
import Glibc
import PostgresCredentials
import TokenCredentials

/// `passgres explain`: which credential gives the token, and why the others do not.
struct ExplainCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "explain", abstract: "Say which credential gives the token, and why the others do not.",
        discussion: """
            With --token nobody is asked: the token that is handed in is decoded, unchecked, and compared with the \
            connection. It is never printed.
            """)

    @Argument(help: "Connection whose server decides what the token is for.")
    var connection: String?

    @Option(help: ArgumentHelp("Decode the token in a file, or - for standard input.", valueName: "file"))
    var token: String?

    @Option(help: "text or json.")
    var output: ReportFormat = .text

    @OptionGroup var options: CredentialOptions
    @OptionGroup var common: CommonOptions

    func perform() async throws {
        if let token { return try await report(onTokenIn: token) }
        let session = try Session(connection, options, common)
        let attempts: [CredentialAttempt]
        do {
            attempts = try await within(seconds: common.timeout ?? 30) { [session] in
                await session.chain.walk(for: session.request)
            }
        } catch let passed as DeadlinePassed where !passed.attempts.isEmpty {
            attempts = passed.attempts
        } catch {
            throw CommandFailure(error)
        }
        let names = session.chain.credentials.map(\.name)
        let table = AttemptTable(attempts, notAsked: Array(names.dropFirst(attempts.count)))
        let token = attempts.last.flatMap { try? $0.outcome.get() }
        switch output {
        case .text: printText(table, token, session.connection)
        case .json: try printJSON(document(table, token, session.connection))
        }
        guard token == nil else { return }
        // What ends the command is what would end any other: the status is the same, and the lines are out already.
        switch attempts.last?.outcome {
        case .failure(let error): throw ExitCode(CommandFailure(error).status.rawValue)
        default: throw ExitCode(ExitStatus.unavailable.rawValue)
        }
    }

    private func printText(_ table: AttemptTable, _ token: AccessToken?, _ connection: ConnectionInfo) {
        for line in table.lines { Terminal.standardOutput.write(line + "\n") }
        guard let token else { return }
        Terminal.standardOutput.write(
            "\ntoken: expires \(token.expiresAt.ISO8601Format()), \(token.secret.utf8.count) bytes\n")
        let (user, reason) = Self.user(for: token, connection)
        Terminal.standardOutput.write("user: \(user.map { Self.shown(.string($0)) + ", because " } ?? "")\(reason)\n")
        for line in token.claims.map(Self.lines) ?? [] { Terminal.standardOutput.write(line + "\n") }
    }

    /// A line for each claim, in the order of their names.
    static func lines(of claims: TokenClaims) -> [String] {
        claims.values.sorted { $0.key < $1.key }.map { "  \($0.key.printable): \(shown($0.value))" }
    }

    /// Decodes a token and asks nobody: what the connection and the options name is only compared with it.
    private func report(onTokenIn place: String) async throws {
        let pasted = try PastedToken(try await text(of: place))
        let report: TokenReport
        do {
            let current = ProcessEnvironment.current
            var said = try ConnectionInfo(connection ?? "")
            said.serverKind = options.serverKind.kind
            let info = try said.resolved(in: current)
            let hosts = try info.servers().compactMap(\.name)
            let environment = options.environment(for: hosts, from: current)
            report = TokenReport(
                pasted, for: info, try options.request(for: hosts, in: environment),
                tenant: environment["AZURE_TENANT_ID"], now: Date.now)
        } catch {
            throw CommandFailure(error)
        }
        switch output {
        case .text: for line in report.lines { Terminal.standardOutput.write(line + "\n") }
        case .json: try printJSON(report.document)
        }
    }

    private func text(of place: String) async throws -> [UInt8] {
        guard place == "-" else {
            guard let contents = try LocalFiles().contents(ofFile: place, limit: PastedToken.longest) else {
                throw CommandFailure(.inputOutput, sentence: "there is no file \(place)")
            }
            return Array(contents)
        }
        guard isatty(STDIN_FILENO) == 0 else {
            throw ValidationError("Give the token in a file, or pipe it in.")
        }
        let (bytes, isWhole) = try await within(seconds: common.timeout ?? 30) {
            await onOwnThread { StandardInput.read(upTo: PastedToken.longest) }
        }
        guard isWhole else {
            throw CommandFailure(.usage, "the input is longer than \(PastedToken.longest) bytes, and no token is")
        }
        return bytes
    }

    /// The user to log in as, and how that is known or why it is not.
    private static func user(for token: AccessToken, _ connection: ConnectionInfo) -> (name: String?, reason: String) {
        do throws(RoleNameError) {
            let role = try connection.role(for: token)
            return (role.name, role.reason)
        } catch {
            return (nil, "\(error)" + (error.hint.map { ". " + $0 } ?? ""))
        }
    }

    private func document(
        _ table: AttemptTable, _ token: AccessToken?, _ connection: ConnectionInfo
    ) -> JSONValue {
        let attempts = table.rows.map { row in
            JSONValue.object([
                "name": .string(row.name), "outcome": .string(row.outcome),
                "milliseconds": row.milliseconds.map { .number(Double($0)) } ?? .null,
                "problem": JSONValue(row.problem), "remedy": JSONValue(row.remedy),
            ])
        }
        let selected = token == nil ? nil : table.rows.first { $0.outcome == "token" }?.name
        return .object([
            "attempts": .array(attempts), "selected": JSONValue(selected),
            "token": token.map { token in
                let (user, reason) = Self.user(for: token, connection)
                return .object([
                    "user": JSONValue(user), "userReason": .string(reason),
                    "claims": token.claims.map { .object($0.values) } ?? .null,
                    "expiresOn": .string(token.expiresAt.ISO8601Format()),
                    "bytes": .number(Double(token.secret.utf8.count)),
                ])
            } ?? .null,
        ])
    }

    /// A claim on one line: a text as it is, anything else as JSON.
    private static func shown(_ value: JSONValue) -> String {
        if case .string(let text) = value { return text.printable }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return (try? encoder.encode(value)).map { String(decoding: $0, as: UTF8.self) } ?? "?"
    }
}
