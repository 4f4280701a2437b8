package import TokenCredentials

/// A command-line tool that somebody signs in to, as far as running it goes.
package struct Tool: Sendable {
    /// The program's name on the `PATH`, such as `"az"`.
    package let program: String
    /// What a person calls it, such as `"the Azure CLI"`.
    package let title: String
    /// What to do where it is missing.
    package let installation: String
    /// The variables with secrets that it needs in order to print the token of whoever is signed in.
    private let neededSecrets: Set<String>

    /// Names a tool.
    ///
    /// - Parameter neededSecrets: The variables with secrets that it is left, besides those of managed identities: any
    ///   tool can be signed in as one, and then asks the host for every token.
    package init(program: String, title: String, installation: String, needing neededSecrets: Set<String> = []) {
        self.program = program
        self.title = title
        self.installation = installation
        self.neededSecrets = neededSecrets.union(["IDENTITY_HEADER", "MSI_SECRET"])
    }

    /// Runs the tool and returns how it ended, whatever the status.
    ///
    /// Throws ``CredentialError/unavailable(_:)`` if it is not installed, and ``CredentialError/failed(_:)`` if it
    /// cannot be started, takes too long or writes too much.
    package func run(
        _ arguments: [String], adding variables: [String: String], environment: ProcessEnvironment,
        commands: any CommandRunner, timeLimit: Duration
    ) async throws(CredentialError) -> CommandOutput {
        let path: String
        switch commands.location(of: program, in: environment) {
        case .found(let found): path = found
        case .notFound(let passedOver): throw notInstalled(passedOver)
        }
        var all = environment.dictionary(withSecrets: neededSecrets)
        if environment["PATH"] == nil { all["PATH"] = ProgramFinder.usualPath }
        // What the tool prints in local time is read in this process's zone, so the tool must be in the same one.
        all["TZ"] = LocalTime.zone
        all.merge(variables) { $1 }
        do {
            return try await commands.run(Command(path, arguments, variables: all, timeLimit: timeLimit))
        } catch {
            throw credentialError(error)
        }
    }

    /// Whether the tool is on the `PATH`.
    package func configuration(in environment: ProcessEnvironment, _ commands: any CommandRunner)
        -> CredentialConfiguration
    {
        switch commands.location(of: program, in: environment) {
        case .found(let path): .configured(by: path)
        case .notFound(let passedOver):
            .notConfigured(([missing] + passedOver).joined(separator: "; "))
        }
    }

    private var missing: String { "\(title) (\(program)) is not on the PATH" }

    private func notInstalled(_ passedOver: [String]) -> CredentialError {
        .unavailable(
            Diagnosis(missing, remedy: installation, facts: passedOver.map { Diagnosis.Fact("passed over", $0) }))
    }

    private func credentialError(_ error: CommandError) -> CredentialError {
        let problem = "\(title) (\(program)) \(error)"
        return switch error {
        case .cancelled: .cancelled
        case .timedOut:
            .failed(
                Diagnosis(
                    problem, remedy: "Run \(program) yourself to see what it waits for, then try again.",
                    kind: .temporary, retryAfter: .seconds(5), cause: error))
        case .notStarted, .outputTooLong:
            .failed(
                Diagnosis(
                    problem, remedy: "See that \(program) on the PATH is the real one and works.",
                    kind: .misconfigured, cause: error))
        default:
            .failed(Diagnosis(problem, remedy: "Try again.", kind: .temporary, retryAfter: .seconds(5), cause: error))
        }
    }
}
