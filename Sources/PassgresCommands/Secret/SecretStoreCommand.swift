import ArgumentParser
import SecretStoreCredentials
import TokenCredentials

/// `passgres secret store`: keeps what standard input says, or what a person types without seeing it.
struct SecretStoreCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "store", abstract: "Keep a secret under a name, in place of any other of that name.",
        discussion: """
            Read from standard input up to its end, less one line break there; at a terminal it is typed and not shown. \
            --timeout is 900 seconds unless said otherwise.
            """)

    @OptionGroup var name: SecretName
    @OptionGroup var place: KeepingOption
    @OptionGroup var common: CommonOptions

    func perform() async throws {
        let environment = ProcessEnvironment.current
        let secret = try name.secret()
        let notice = WaitNotice(quiet: common.quiet)
        let seconds = common.timeout ?? 900
        try await within(seconds: seconds) {
            let choice = try await place.choice(environment, notice, for: "a secret", seconds: seconds)
            let text = try await SecretInput(limit: NamedSecret.longestText, seconds: seconds)
                .read(prompt: "Secret \(secret.name) (not shown): ")
            try await notice.during(waitingFor: choice.place) {
                try await store(text, as: secret, in: choice)
            }
            common.note("kept the secret \(secret.name) in \(choice)")
            let words = try await KeepingOption.forgettingElsewhere(choice, "one", environment) {
                store throws(SecretStoreError) in try await secret.forget(in: store)
            }
            for line in words { common.note(line) }
        }
    }

    private func store(_ text: String, as secret: NamedSecret, in choice: SecretStoreChoice) async throws {
        do throws(CredentialError) {
            try await secret.store(text, in: choice.store)
        } catch {
            guard choice.kind == .file, case .failed(let words)? = error.diagnosis?.cause as? SecretStoreError else {
                throw error
            }
            throw CommandFailure(.inputOutput, "the secret \(secret.name) cannot be kept: \(words)")
        }
    }
}
