import AzureCLICredentials
import AzureDeveloperCLICredentials
import AzurePowerShellCredentials
import EnvironmentCredentials
import ManagedIdentityCredentials
public import TokenCredentials
import WorkloadIdentityCredentials

extension CredentialRegistry {
    /// Every credential of this package that needs no person present, by the name the command line uses.
    public static var standard: CredentialRegistry {
        var registry = CredentialRegistry()
        registry.register("environment") { EnvironmentCredential(environment: $0) }
        registry.register("workload-identity") { WorkloadIdentityCredential(environment: $0) }
        registry.register(
            "managed-identity",
            whenAlone: { ManagedIdentityCredential(environment: $0, patience: .persistent) },
            { ManagedIdentityCredential(environment: $0) })
        registry.register("azure-cli") { AzureCLICredential(environment: $0) }
        registry.register("azure-developer-cli") { AzureDeveloperCLICredential(environment: $0) }
        registry.register("azure-powershell") { AzurePowerShellCredential(environment: $0) }
        return registry
    }
}
