import EnvironmentCredentials
import ManagedIdentityCredentials
public import TokenCredentials

extension CredentialRegistry {
    /// Every credential of this package that needs no person present, by the name the command line uses.
    public static var standard: CredentialRegistry {
        var registry = CredentialRegistry()
        registry.register("environment") { EnvironmentCredential(environment: $0) }
        registry.register(
            "managed-identity",
            whenAlone: { ManagedIdentityCredential(environment: $0, patience: .persistent) },
            { ManagedIdentityCredential(environment: $0) })
        return registry
    }
}
