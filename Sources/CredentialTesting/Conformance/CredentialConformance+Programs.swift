public import CommandCredentials
import TokenCredentials

extension CredentialConformance {
    /// Tries everything on a credential program, and returns what was not kept to.
    ///
    /// Without configuration it gets no variable but `PATH`. Its standard error goes to that of this process.
    ///
    /// - Parameter program: The program's absolute path, or the name of the credential whose program
    ///   `passgres-credential-NAME` is on the `PATH` of ``environment``.
    public func violations(
        ofProgram program: String, commands: any CommandRunner = SubprocessRunner()
    ) async -> [ConformanceViolation] {
        let path = environment["PATH"] ?? ProcessEnvironment.current["PATH"]
        return await violations { [clock, limit] situation, environment in
            // Silence and stale tokens are the program's own doing; what becomes of them does not depend on it.
            guard situation == .nothingConfigured || situation == .configured else { return nil }
            var environment = environment
            environment["PATH"] = path
            if program.hasPrefix("/") {
                environment["PASSGRES_CREDENTIAL_COMMAND"] = program
                return CommandCredential(
                    environment: environment, commands: commands, clock: clock, timeLimit: limit)
            }
            return CommandCredential(
                named: program, environment: environment, commands: commands, clock: clock, timeLimit: limit)
        }
    }
}
