import ArgumentParser
import EntraSignIn
import KnownFailures
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

    /// The store asked for, or the best there is; a person may be asked to unlock it, later.
    ///
    /// Throws ``CommandFailure`` where there is none but this program's memory, and where the store would not take
    /// anything: nobody shall sign in or type a secret for nothing.
    func choice(
        _ environment: ProcessEnvironment, _ notice: WaitNotice, for what: String, seconds: Double
    ) async throws -> SecretStoreChoice {
        // A person who types a password needs a while.
        let service = LibsecretStore(
            unlocking: .whenSomebodyIsThere, limit: .seconds(min(seconds, 120)), environment: environment)
        return try await notice.during("looking for a secret store") {
            let choice = try await SecretStoreChoice.forKeeping(in: keepIn, environment: environment, service: service)
            guard choice.kind != .memory else {
                throw CommandFailure(
                    .configuration,
                    "there is no place to keep \(what): \(choice.reason). To keep it so, add: --keep-in file")
            }
            switch choice.kind {
            case .secretService: try await Self.check(service, for: what)
            case .file, .memory: try await Self.check(choice, for: what)
            }
            return choice
        }
    }

    /// What cannot be read would not be written either.
    private static func check(_ file: SecretStoreChoice, for what: String) async throws {
        do throws(SecretStoreError) {
            _ = try await file.store.profiles(ofKind: SignIn.kind)
        } catch .cancelled {
            throw CancellationError()
        } catch {
            throw CommandFailure(
                .inputOutput, "\(what) cannot be kept: \(error.finding). \(SecretStoreError.fileRemedy)")
        }
    }

    private static func check(_ service: LibsecretStore, for what: String) async throws {
        let state: LibsecretStore.State
        do throws(SecretStoreError) {
            state = try await service.stateOfService()
        } catch .cancelled {
            throw CancellationError()
        } catch .absent(let finding) {
            // A prompt can make a collection, but no service.
            throw absence(finding, of: what)
        } catch {
            throw CommandFailure(
                .temporary, "\(what) cannot be kept: the secret service did not serve: \(error.finding)")
        }
        switch state {
        case .locked where !service.mayAsk:
            let text =
                "\(what) cannot be kept: the secret service's default collection is locked, and nobody is there to unlock "
                + "it. Unlock the keyring where somebody can, or keep it in a file: --keep-in file"
            throw CommandFailure(.refused, FailureTable.coded(text))
        case .absent(let finding) where !service.mayAsk: throw absence(finding, of: what)
        default: return
        }
    }

    private static func absence(_ finding: String, of what: String) -> CommandFailure {
        let text = "\(what) cannot be kept: \(finding). To keep it in a file, add: --keep-in file"
        return CommandFailure(.configuration, FailureTable.coded(text))
    }

    /// Forgets what is kept under the same name in other places, where it might be found first; returns what to say.
    static func forgettingElsewhere(
        _ choice: SecretStoreChoice, _ what: String, _ environment: ProcessEnvironment,
        _ forget: (any SecretListing) async throws(SecretStoreError) -> Bool
    ) async throws(CredentialError) -> [String] {
        var words: [String] = []
        let places = try SecretStoreChoice.forFinding(environment: environment)
        if !places.contains(where: { $0.kind == choice.kind }) {
            words.append("warning: it will not be found there while \(SecretStoreChoice.variable) names another place")
        }
        for other in places where other.kind != choice.kind {
            do throws(SecretStoreError) {
                if try await forget(other.store) { words.append("forgot the older \(what) in \(other.place)") }
            } catch {
                if case .absent = error { continue }
                words.append(
                    "warning: an older \(what) in \(other.place) may be found first, since that could not be looked "
                        + "into: \(error.finding); \(SecretStoreChoice.variable)=\(choice.kind.rawValue) leaves it out")
            }
        }
        return words
    }
}
