public import TokenCredentials

extension CredentialRegistry {
    /// Lets every name that nobody registered be that of a program `passgres-credential-NAME` on the `PATH`.
    ///
    /// A program that is there and may not be run counts: its credential says why when it is asked.
    public mutating func resolvePrograms(by commands: any CommandRunner = SubprocessRunner()) {
        resolveOtherNames(
            listing: { environment in
                ProgramFinder(path: environment["PATH"]).names(ofProgramsBeginning: CommandCredential.prefix)
                    .filter(CommandCredential.isName)
            },
            by: { name, environment in
                guard CommandCredential.isName(name) else { return nil }
                switch commands.location(of: CommandCredential.prefix + name, in: environment) {
                case .notFound(let passedOver) where passedOver.isEmpty: return nil
                case .found, .notFound:
                    return CommandCredential(named: name, environment: environment, commands: commands)
                }
            })
    }
}
