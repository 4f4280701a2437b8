import ArgumentParser
import SecretStoreCredentials
import TokenCredentials

/// Where something is to be kept.
struct KeepingOption: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Keep it in secret-service, or in a file that only you can read (PASSGRES_SECRET_STORE).",
            valueName: "store"),
        transform: { text in
            guard let kind = SecretStoreChoice.Kind(rawValue: text), kind != .memory else {
                throw ValidationError("--keep-in takes secret-service or file.")
            }
            return kind
        })
    var keepIn: SecretStoreChoice.Kind?

    /// The store asked for, or the best there is; a person may be asked to unlock it.
    ///
    /// Throws ``CommandFailure`` where there is none but this program's memory.
    func choice(
        _ environment: ProcessEnvironment, _ notice: WaitNotice, for what: String
    ) async throws -> SecretStoreChoice {
        let service = LibsecretStore(
            unlocking: .whenSomebodyIsThere, limit: .seconds(120), environment: environment)
        let choice = try await notice.during("looking for a secret store") {
            try await SecretStoreChoice.forKeeping(in: keepIn, environment: environment, service: service)
        }
        guard choice.kind != .memory else {
            throw CommandFailure(
                .configuration,
                "there is no place to keep \(what): \(choice.reason). To keep it so, add: --keep-in file")
        }
        return choice
    }
}
