import ArgumentParser
import TokenCredentials

/// `passgres secret list`: the names, and never what is kept under them.
struct SecretListCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the names of the secrets kept, and where they are.")

    @Option(help: "text or json.")
    var output: ReportFormat = .text

    @OptionGroup var common: CommonOptions

    func perform() async throws {
        let kept = try await within(seconds: common.timeout ?? 30) {
            try await WaitNotice(quiet: common.quiet).during(waitingFor: "the secret store") {
                try await KeptSecrets.find(in: .current)
            }
        }
        switch output {
        case .json: try printJSON(.object(["secrets": kept.document]))
        case .text:
            for entry in kept.entries { Terminal.standardOutput.write("\(entry.name)  kept in \(entry.place)\n") }
        }
        guard kept.failures.isEmpty else { throw CommandFailure(.inputOutput, kept.failures.joined(separator: "; ")) }
    }
}
