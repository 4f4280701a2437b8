import EntraCredentials
import TokenCredentials

extension CredentialRegistry {
    /// What the tool chooses from. Where a person has to sign in, standard error says how.
    static var tool: CredentialRegistry {
        .standard { prompt in Terminal.standardError.write("passgres: \(prompt.message)\n") }
    }
}
