import ArgumentParser
import SecretStoreCredentials
import TokenCredentials

/// `passgres secret`: client secrets and certificate passwords, kept under names for credentials to find.
struct SecretCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "secret", abstract: "Keep a client secret or a certificate's password under a name.",
        discussion: """
            PASSGRES_CLIENT_SECRET_NAME and PASSGRES_CLIENT_CERTIFICATE_PASSWORD_NAME name such a secret in place of the \
            variables that would hold it.
            """,
        subcommands: [SecretStoreCommand.self, SecretListCommand.self, SecretForgetCommand.self])
}

/// A secret's name on the command line.
struct SecretName: ParsableArguments {
    @Argument(help: "Letters, digits and . _ - @ : / +, beginning with a letter or a digit.")
    var name: String

    func validate() throws { _ = try secret() }

    func secret() throws -> NamedSecret {
        do throws(CredentialError) {
            return try NamedSecret(name)
        } catch {
            throw ValidationError(error.diagnosis.map { "\($0)" } ?? "")
        }
    }
}
