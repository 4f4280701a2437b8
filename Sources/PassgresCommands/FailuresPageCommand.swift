import ArgumentParser
import KnownFailures

/// `passgres failures-page`: writes `Docs/Failures.md`.
struct FailuresPageCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "failures-page", abstract: "Print the table of failures as a page.", shouldDisplay: false)

    func perform() async throws {
        Terminal.standardOutput.write(FailurePage.text)
    }
}
