import ArgumentParser
import SecretStoreCredentials
import TokenCredentials

/// `passgres secret forget`: forgets one secret, wherever it is kept.
struct SecretForgetCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "forget", abstract: "Forget the secret of a name, wherever it is kept.")

    @OptionGroup var name: SecretName
    @OptionGroup var common: CommonOptions

    func perform() async throws {
        let secret = try name.secret()
        let (forgotten, failures) = try await within(seconds: common.timeout ?? 30) {
            try await WaitNotice(quiet: common.quiet).during(waitingFor: "the secret store") {
                try await Self.forget(secret)
            }
        }
        for place in forgotten { common.note("forgot the secret \(secret.name) in \(place)") }
        if forgotten.isEmpty, failures.isEmpty { common.note("nothing is kept under the name \(secret.name)") }
        guard failures.isEmpty else { throw CommandFailure(.inputOutput, failures.joined(separator: "; ")) }
    }

    private static func forget(_ secret: NamedSecret) async throws -> (forgotten: [String], failures: [String]) {
        var forgotten: [String] = []
        var failures: [String] = []
        for choice in try SecretStoreChoice.forFinding() {
            do throws(SecretStoreError) {
                if try await secret.forget(in: choice.store) { forgotten.append(choice.place) }
            } catch {
                if case .absent = error { continue }
                failures.append("\(choice.place): \(error.finding)")
            }
        }
        return (forgotten, failures)
    }
}
