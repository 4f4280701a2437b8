import ArgumentParser
import EntraSignIn
import FoundationEssentials
import SecretStoreCredentials
import SharedTokenCache
import TokenCredentials

/// `passgres status`: who is signed in, and which secrets and tokens are kept where.
struct StatusCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Say who is signed in, where that is kept, and which tokens are kept.")

    @Option(help: "text or json.")
    var output: ReportFormat = .text

    @OptionGroup var common: CommonOptions

    private struct Found: Sendable {
        let signIn: SignIn
        let store: String
    }

    /// All that is reported.
    private struct Report: Sendable {
        let directory: SharedTokenDirectory
        var signIns: [Found] = []
        var secrets = KeptSecrets()
        var tokens: [(token: SharedToken, place: String)] = []
        var remarks: [String] = []
        /// Whether every place could be looked into.
        var isComplete = true
    }

    func perform() async throws {
        let report = try await within(seconds: common.timeout ?? 30) {
            try await WaitNotice(quiet: common.quiet).during(waitingFor: "the secret store") {
                try await Self.look(in: .current)
            }
        }
        switch output {
        case .json: try printJSON(document(report))
        case .text: printText(report)
        }
        for remark in report.remarks { common.note(remark) }
    }

    private static func look(in environment: ProcessEnvironment) async throws -> Report {
        var report = Report(directory: SharedTokenDirectory.standard(environment: environment))
        let choices = try SecretStoreChoice.forFinding(environment: environment)
        for choice in choices {
            switch await KeptSignIn(in: choice.store, profile: "default").find() {
            case .signIn(let signIn): report.signIns.append(Found(signIn: signIn, store: choice.place))
            case .nothing: report.remarks.append("\(choice.place): no sign-in kept")
            case .unusable(let defect): report.remarks.append("\(choice.place): the sign-in kept \(defect)")
            // A store that is not there keeps nothing, and is worth no word beside one that is.
            case .unreachable(.absent) where choices.count > 1: continue
            case .unreachable(let error):
                if case .absent = error {} else { report.isComplete = false }
                report.remarks.append("\(choice.place): \(error.finding)")
            }
            do throws(SecretStoreError) {
                report.tokens += try await SharedToken.kept(in: choice.store).map { ($0, choice.place) }
            } catch {
                let remark = "\(choice.place): \(error.finding)"
                if !report.remarks.contains(remark) { report.remarks.append(remark) }
            }
        }
        report.secrets = try await KeptSecrets.find(in: environment)
        report.remarks += report.secrets.failures.filter { !report.remarks.contains($0) }
        do throws(SharedTokenDirectory.Refusal) {
            report.tokens += try await report.directory.tokens().map { ($0, report.directory.path) }
        } catch {
            report.remarks.append("\(report.directory): \(error)")
        }
        return report
    }

    private func printText(_ report: Report) {
        if report.signIns.isEmpty {
            Terminal.standardOutput.write(
                report.isComplete
                    ? "nobody is signed in (passgres login)\n"
                    : "whether somebody is signed in cannot be told\n")
        }
        for entry in report.signIns {
            Terminal.standardOutput.write(
                "signed in: \(entry.signIn.account?.printable ?? "somebody") in tenant \(entry.signIn.tenant), "
                    + "cloud \(Self.cloud(of: entry.signIn)), kept in \(entry.store.printable)\n")
        }
        for entry in report.secrets.entries {
            Terminal.standardOutput.write("secret: \(entry.name), kept in \(entry.place.printable)\n")
        }
        for (token, place) in report.tokens {
            Terminal.standardOutput.write(
                "token: \(token.credential.printable) for \(token.scopes.joined(separator: " ").printable), "
                    + "until \(token.expiresAt.ISO8601Format()), kept in \(place.printable)\n")
        }
    }

    private func document(_ report: Report) -> JSONValue {
        .object([
            "signIns": .array(
                report.signIns.map { entry in
                    .object([
                        "user": JSONValue(entry.signIn.account), "tenant": .string(entry.signIn.tenant),
                        "clientID": .string(entry.signIn.clientID), "cloud": .string(Self.cloud(of: entry.signIn)),
                        // Entra does not say how long a sign-in lasts.
                        "expiresOn": .null, "store": .string(entry.store),
                    ])
                }),
            "secrets": report.secrets.document,
            "cachedTokens": .array(
                report.tokens.map { token, place in
                    .object([
                        "credential": .string(token.credential),
                        "scopes": .array(token.scopes.map { .string($0) }),
                        "expiresOn": .string(token.expiresAt.ISO8601Format()), "store": .string(place),
                    ])
                }),
        ])
    }

    private static func cloud(of signIn: SignIn) -> String {
        AzureCloud(authority: signIn.authority)?.name ?? signIn.authority.host
    }
}
