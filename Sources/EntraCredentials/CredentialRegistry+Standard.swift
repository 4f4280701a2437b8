import AzureCLICredentials
import AzureDeveloperCLICredentials
import AzurePipelinesCredentials
import AzurePowerShellCredentials
import CommandCredentials
import EnvironmentCredentials
import GitHubActionsCredentials
import ManagedIdentityCredentials
import SecretStoreCredentials
public import TokenCredentials
import WorkloadIdentityCredentials

extension CredentialRegistry {
    /// Every credential of this package that needs no person present, by the name the command line uses; any other name
    /// is that of a program `passgres-credential-NAME` on the `PATH`.
    public static var standard: CredentialRegistry {
        var registry = CredentialRegistry()
        registry.register("environment") {
            EnvironmentCredential(
                environment: $0,
                findingSecret: NamedSecret.lookup(environment: $0, service: LibsecretStore(environment: $0)))
        }
        registry.register("workload-identity") { WorkloadIdentityCredential(environment: $0) }
        registry.register("secret-store") { SecretStoreCredential(environment: $0) }
        registry.register(
            "managed-identity",
            whenAlone: { ManagedIdentityCredential(environment: $0, patience: .persistent) },
            { ManagedIdentityCredential(environment: $0) })
        registry.register("azure-cli") { AzureCLICredential(environment: $0) }
        registry.register("azure-developer-cli") { AzureDeveloperCLICredential(environment: $0) }
        registry.register("azure-powershell") { AzurePowerShellCredential(environment: $0) }
        registry.register("azure-pipelines") { AzurePipelinesCredential(environment: $0) }
        registry.register("github-actions") { GitHubActionsCredential(environment: $0) }
        registry.register("command") { CommandCredential(environment: $0) }
        registry.resolvePrograms()
        return registry
    }
}
