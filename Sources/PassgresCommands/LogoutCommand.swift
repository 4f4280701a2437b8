import ArgumentParser
import EntraSignIn
import SecretStoreCredentials
import SharedTokenCache
import TokenCredentials

/// `passgres logout`: forgets the sign-in, the secrets and every token kept.
struct LogoutCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "logout",
        abstract: "Forget the sign-in, every secret and every token kept, and say what was forgotten.")

    @OptionGroup var common: CommonOptions

    private struct Outcome: Sendable {
        var forgotten: [String] = []
        var failures: [String] = []

        mutating func add(_ error: SecretStoreError, _ choice: SecretStoreChoice) {
            if case .absent = error { return }
            let remedy = choice.kind == .file ? ". \(SecretStoreError.fileRemedy)" : ""
            let words = "\(choice.place): \(error.finding)\(remedy)"
            if !failures.contains(words) { failures.append(words) }
        }
    }

    func perform() async throws {
        let outcome = try await within(seconds: common.timeout ?? 30) {
            try await WaitNotice(quiet: common.quiet).during("waiting for the secret store") {
                try await Self.forgetAll(.current)
            }
        }
        if !outcome.forgotten.isEmpty {
            common.note("forgotten: " + outcome.forgotten.joined(separator: "; "))
        } else if outcome.failures.isEmpty {
            common.note("there was nothing to forget")
        }
        guard outcome.failures.isEmpty else {
            throw CommandFailure(.inputOutput, outcome.failures.joined(separator: "; "))
        }
    }

    private static func forgetAll(_ environment: ProcessEnvironment) async throws -> Outcome {
        var outcome = Outcome()
        // Where new secrets are to be kept does not say where older ones are.
        var everywhere = environment
        everywhere[SecretStoreChoice.variable] = nil
        for choice in try SecretStoreChoice.forFinding(environment: everywhere) {
            // One that cannot be forgotten keeps none of the others.
            do throws(SecretStoreError) {
                for profile in try await choice.store.profiles(ofKind: SignIn.kind) {
                    outcome.forgotten.append(try await forgetSignIn(profile, in: choice))
                }
            } catch {
                outcome.add(error, choice)
            }
            do throws(SecretStoreError) {
                let count = try await SharedToken.forgetAll(in: choice.store)
                if count > 0 { outcome.forgotten.append("\(tokens(count)) in \(choice.place)") }
            } catch {
                outcome.add(error, choice)
            }
            do throws(SecretStoreError) {
                for name in try await choice.store.profiles(ofKind: NamedSecret.kind) {
                    try await choice.store.set(nil, for: SecretKey(kind: NamedSecret.kind, profile: name))
                    outcome.forgotten.append("the secret \(quoted(name)) in \(choice.place)")
                }
            } catch {
                outcome.add(error, choice)
            }
        }
        let directory = SharedTokenDirectory.standard(environment: environment)
        do throws(SharedTokenDirectory.Refusal) {
            let count = try await directory.forget()
            if count > 0 { outcome.forgotten.append("\(tokens(count)) in \(directory)") }
        } catch {
            outcome.failures.append("\(directory): \(error)")
        }
        return outcome
    }

    private static func tokens(_ count: Int) -> String { "\(count) token\(count == 1 ? "" : "s")" }

    private static func forgetSignIn(
        _ profile: String, in choice: SecretStoreChoice
    ) async throws(SecretStoreError) -> String {
        let finding = await KeptSignIn(in: choice.store, profile: profile).find()
        try await choice.store.set(nil, for: SignIn.key(profile: profile))
        if case .signIn(let signIn) = finding, let account = signIn.account {
            return "the sign-in of \(account) in \(choice.place)"
        }
        return "a sign-in in \(choice.place)"
    }
}
