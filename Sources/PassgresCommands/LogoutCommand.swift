import ArgumentParser
import EntraSignIn
import SecretStoreCredentials
import SharedTokenCache
import TokenCredentials

/// `passgres logout`: forgets the sign-in and every token kept.
struct LogoutCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "logout", abstract: "Forget the sign-in and every token kept, and say what was forgotten.")

    @OptionGroup var common: CommonOptions

    func perform() async throws {
        let environment = ProcessEnvironment.current
        var forgotten: [String] = []
        var failures: [String] = []
        for choice in try SecretStoreChoice.forFinding(environment: environment) {
            do throws(SecretStoreError) {
                let key = SignIn.key(profile: "default")
                guard try await choice.store.secret(for: key) != nil else { continue }
                let finding = await KeptSignIn(in: choice.store, profile: "default").find()
                try await choice.store.set(nil, for: key)
                if case .signIn(let signIn) = finding, let account = signIn.account {
                    forgotten.append("the sign-in of \(account) in \(choice.place)")
                } else {
                    forgotten.append("a sign-in in \(choice.place)")
                }
            } catch {
                if case .absent = error { continue }
                failures.append("\(choice.place): \(error)")
            }
        }
        let directory = SharedTokenDirectory.standard(environment: environment)
        do throws(SharedTokenDirectory.Refusal) {
            let count = try await directory.forget()
            if count > 0 { forgotten.append("\(count) token\(count == 1 ? "" : "s") in \(directory)") }
        } catch {
            failures.append("\(directory): \(error)")
        }
        common.note(
            forgotten.isEmpty ? "there was nothing to forget" : "forgotten: " + forgotten.joined(separator: "; "))
        guard failures.isEmpty else { throw CommandFailure(.inputOutput, failures.joined(separator: "; ")) }
    }
}
