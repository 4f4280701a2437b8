import ArgumentParser
import FoundationEssentials
import Glibc
import KnownFailures
import PostgresCredentials
import TokenCredentials

/// `passgres doctor`: finds what stands between a person and a server.
struct DoctorCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor", abstract: "Find out why a connection fails, and what to do about it.",
        discussion: """
            Looks at variables, files, libpq, the clock, DNS, the port, TLS and the token, and logs in once. The \
            likeliest cause comes first. Ends with 1 if a check found a fault.
            """)

    @Argument(help: "Connection: keyword/value string, URI, or nothing for the PG* variables.")
    var connection: String?

    @Option(help: "text or json.")
    var output: ReportFormat = .text

    @Flag(help: "Ask nobody: neither DNS nor the server nor the identity service.")
    var offline = false

    @Flag(help: "Leave out names and ids, for a report that others will read.")
    var redacted = false

    @Option(
        help: ArgumentHelp(
            "Look at role, mapping and group synchronisation too, over this connection to database postgres.",
            valueName: "connection"))
    var administrator: String?

    @OptionGroup var options: CredentialOptions
    @OptionGroup var common: CommonOptions

    func perform() async throws {
        // A server that hangs up while we write must not end us.
        signal(SIGPIPE, SIG_IGN)
        let environment = ProcessEnvironment.current
        let info: ConnectionInfo
        var redaction = Redaction(in: environment, besides: [(options.tenant, "TENANT"), (options.clientId, "CLIENT")])
        let findings: [CheckFinding]
        do {
            var said = try ConnectionInfo(connection ?? "")
            said.serverKind = options.serverKind.kind
            let others = [
                (options.tenant, "TENANT"), (options.clientId, "CLIENT"), (said["service"], "SERVICE"),
            ]
            redaction = Redaction(in: environment, besides: others)
            info = try said.resolved(in: environment)
            let administratorInfo = try administrator.map { try ConnectionInfo($0).resolved(in: environment) }
            redaction = Redaction(info, administratorInfo, in: environment, besides: others)
            let limit = common.timeout ?? 30
            let doctor = Doctor(
                connection: info, environment: environment,
                service: said["service"] ?? environment["PGSERVICE"], session: session(for: info), isOffline: offline,
                administrator: administratorInfo, patience: .seconds(min(20, limit * 2 / 3)))
            findings = try await within(seconds: limit) { [quiet = common.quiet] in
                await WaitNotice(quiet: quiet).during(waitingFor: "the server and the credentials") {
                    await doctor.findings()
                }
            }
        } catch let failure as CommandFailure {
            throw failure
        } catch {
            try report([ConnectionCheck.finding(for: error)], redaction)
            return
        }
        try report(findings, redaction)
    }

    /// The chain for a connection, if there can be one.
    func session(for info: ConnectionInfo) -> Result<Session, Doctor.RefusedSession> {
        // The check of the connection says why.
        guard (try? info.servers()) != nil else {
            return .failure(.init(finding: .skip(.credential, "not asked for a connection that cannot be used")))
        }
        do {
            var common = common
            common.quiet = true
            return .success(try Session(connection, options, common))
        } catch {
            let text = CommandFailure(error).text.replacing("passgres: ", with: "")
            let match = FailureTable.matches(in: text).first
            return .failure(
                .init(finding: .fail(.credential, match?.failure.code ?? "E27", text, remedy: match?.remedy())))
        }
    }

    private func report(_ findings: [CheckFinding], _ redaction: Redaction) throws {
        let shown = findings.inOrderOfConcern.map { finding in
            redacted ? redaction.applied(to: finding) : finding
        }
        switch output {
        case .text: for finding in shown { Terminal.standardOutput.write(exactly: Self.line(finding)) }
        case .json:
            try printJSON(
                .object([
                    "checks": .array(
                        shown.map { finding in
                            .object([
                                "check": .string(finding.check.rawValue), "code": JSONValue(finding.code),
                                "outcome": .string(finding.outcome.rawValue), "finding": .string(finding.text),
                                "remedy": JSONValue(finding.remedy),
                                "milliseconds": .number(Double(finding.milliseconds)),
                            ])
                        })
                ]))
        }
        if shown.contains(where: { $0.outcome == .fail }) { throw ExitCode(ExitStatus.faultFound.rawValue) }
    }

    /// One line; where a person looks, in colour, and with the remedy below.
    private static func line(_ finding: CheckFinding) -> String {
        let isSeen = Terminal.standardOutput.isInteractive
        let isColoured = Terminal.standardOutput.isStyled
        let (word, colour) =
            switch finding.outcome {
            case .ok: ("ok", "32")
            case .warn: ("warn", "33")
            case .fail: ("FAIL", "1;31")
            case .skip: ("skip", "2")
            }
        let width = CheckName.allCases.map(\.rawValue.count).max() ?? 0
        var line = isColoured ? "\u{1b}[\(colour)m\(word.padded(to: 4))\u{1b}[0m" : word.padded(to: 4)
        line += "  \((finding.code ?? "-").padded(to: 3))  \(finding.check.rawValue.padded(to: width))  \(finding.text)"
        if let remedy = finding.remedy { line += (isSeen ? "\n           " : "  ") + "-> \(remedy)" }
        return line + "\n"
    }
}
