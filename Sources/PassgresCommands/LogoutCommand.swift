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
        var warnings: [String] = []

        mutating func add(_ error: SecretStoreError, _ choice: SecretStoreChoice, isLeftOut: Bool) {
            if case .absent = error { return }
            let remedy = choice.kind == .file ? ". \(SecretStoreError.fileRemedy)" : ""
            let finding = "\(error.finding)\(remedy)"
            let words = "\(choice.place): \(finding)"
            // What is not known to be there is not to be forgotten, and may be there all the same.
            let isUnknown = if case .hidden = error { true } else { false }
            let warning = "warning: what \(isUnknown ? "may be" : "is") kept in \(choice.place) stays: \(finding)"
            if isLeftOut || isUnknown, !warnings.contains(warning) { warnings.append(warning) }
            if !isLeftOut, !isUnknown, !failures.contains(words) { failures.append(words) }
        }
    }

    func perform() async throws {
        let outcome = try await within(seconds: common.timeout ?? 30) {
            try await WaitNotice(quiet: common.quiet).during(waitingFor: "the secret store") {
                try await Self.forgetAll(.current)
            }
        }
        for warning in outcome.warnings { common.note(warning) }
        if !outcome.forgotten.isEmpty {
            common.note("forgotten: " + outcome.forgotten.joined(separator: "; "))
        } else if outcome.failures.isEmpty {
            common.note("there was nothing to forget" + (outcome.warnings.isEmpty ? "" : " elsewhere"))
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
        let all = try SecretStoreChoice.forFinding(environment: everywhere)
        // What the variable leaves out is asked last, and may fail; one that names no place leaves none out.
        let named = (try? SecretStoreChoice.forFinding(environment: environment)) ?? all
        let others = all.filter { other in !named.contains { $0.kind == other.kind } }
        for (choice, isLeftOut) in named.map({ ($0, false) }) + others.map({ ($0, true) }) {
            // One that cannot be forgotten keeps none of the others.
            do throws(SecretStoreError) {
                for profile in try await choice.store.profiles(ofKind: SignIn.kind) {
                    outcome.forgotten.append(try await forgetSignIn(profile, in: choice))
                }
            } catch {
                outcome.add(error, choice, isLeftOut: isLeftOut)
            }
            do throws(SecretStoreError) {
                let count = try await SharedToken.forgetAll(in: choice.store)
                if count > 0 { outcome.forgotten.append("\(tokens(count)) in \(choice.place)") }
            } catch {
                outcome.add(error, choice, isLeftOut: isLeftOut)
            }
            do throws(SecretStoreError) {
                for name in try await choice.store.profiles(ofKind: NamedSecret.kind) {
                    try await choice.store.set(nil, for: SecretKey(kind: NamedSecret.kind, profile: name))
                    outcome.forgotten.append("the secret \(quoted(name)) in \(choice.place)")
                }
            } catch {
                outcome.add(error, choice, isLeftOut: isLeftOut)
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
