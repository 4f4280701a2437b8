import ArgumentParser
import CommandCredentials
import CredentialTesting
import TokenCredentials

/// `passgres credentials check`: whether a credential program keeps to what credentials must keep to.
struct CredentialsCheckCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Try a credential program against everything that credentials must keep to.",
        discussion: "Runs it many times, with the variables of this process and with none. Ends with 1 for any fault.")

    @Argument(help: "NAME of a program passgres-credential-NAME on the PATH, or a program's absolute path.")
    var name: String

    @OptionGroup var common: CommonOptions

    func perform() async throws {
        let environment = ProcessEnvironment.current
        let program = name.hasPrefix("/") ? name : "passgres-credential-\(name)"
        guard SubprocessRunner().location(of: program, in: environment).path != nil else {
            throw CommandFailure(.configuration, "there is no program \(quoted(program)) that can be run")
        }
        let violations = try await within(seconds: common.timeout ?? 300) { [name, quiet = common.quiet] in
            await WaitNotice(quiet: quiet).during(waitingFor: program) {
                await CredentialConformance(environment: environment, secrets: Self.secrets(in: environment))
                    .violations(ofProgram: name)
            }
        }
        for violation in violations { Terminal.standardOutput.write("FAIL  \("\(violation)".onOneLine)\n") }
        guard violations.isEmpty else { throw ExitCode(ExitStatus.faultFound.rawValue) }
        Terminal.standardOutput.write("ok    \(program) keeps to everything that was tried\n")
    }

    /// The values of variables that hold a secret, a program's own by their names: none of them may be shown.
    private static func secrets(in environment: ProcessEnvironment) -> [String] {
        environment.names.filter { name in
            ProcessEnvironment.secretNames.contains(name)
                || ["SECRET", "TOKEN", "PASSWORD", "KEY"].contains { name.contains($0) }
        }.compactMap { environment[$0] }.filter { $0.utf8.count >= 8 }
    }
}
