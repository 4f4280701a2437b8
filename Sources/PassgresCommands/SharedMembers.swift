import SharedTokenCache
import TokenCredentials

/// Which members of the chain share their tokens between processes, and as whose.
enum SharedMembers {
    /// The same credential, sharing its tokens if it is slow or throttled; otherwise itself.
    static func sharing(_ credential: any TokenCredential, _ environment: ProcessEnvironment) -> any TokenCredential {
        if credential.name == "secret-store" { return SharedSignIn(credential, environment) }
        guard let identity = identity(of: credential.name, environment) else { return credential }
        return SharedTokenCredential(credential, of: identity, in: .standard(environment: environment))
    }

    /// Everything in the environment and on disk that decides whose token the credential gives; `nil` for one that does
    /// not share: whoever types a new secret wants it tried.
    private static func identity(of name: String, _ environment: ProcessEnvironment) -> SharedTokenIdentity? {
        switch name {
        case "managed-identity":
            // The host's own variables lead to the host's own identity.
            return settings(
                [
                    "AZURE_CLIENT_ID", "AZURE_POD_IDENTITY_AUTHORITY_HOST", "DEFAULT_IDENTITY_CLIENT_ID",
                    "IDENTITY_ENDPOINT", "IMDS_ENDPOINT", "MSI_ENDPOINT",
                ], environment, otherwise: "system-assigned")
        case "azure-cli":
            return signedIn(
                "az", files: ["azureProfile.json", "clouds.config"], in: home("AZURE_CONFIG_DIR", ".azure", environment)
            )
        case "azure-developer-cli":
            return signedIn(
                "azd", files: ["auth/auth.json", "config.json"], in: home("AZD_CONFIG_DIR", ".azd", environment))
        case "azure-powershell":
            return signedIn("pwsh", files: ["AzureRmContext.json"], in: home(nil, ".Azure", environment))
        default:
            return nil
        }
    }

    private static func settings(
        _ names: [String], _ environment: ProcessEnvironment, otherwise: String
    ) -> SharedTokenIdentity {
        let set = names.compactMap { name in environment[name].map { "\(name)=\($0)" } }
        return SharedTokenIdentity(
            set.isEmpty ? otherwise : set.joined(separator: " "), authority: environment["AZURE_AUTHORITY_HOST"])
    }

    private static func home(_ variable: String?, _ name: String, _ environment: ProcessEnvironment) -> String? {
        variable.flatMap { environment[$0] } ?? environment["HOME"].map { "\($0)/\(name)" }
    }

    /// A tool speaks for whoever is signed in to it: another sign-in writes its files, and so is another identity.
    private static func signedIn(_ tool: String, files: [String], in directory: String?) -> SharedTokenIdentity? {
        guard let directory else { return nil }
        let states = files.map { FileState(of: "\(directory)/\($0)")?.description ?? "none" }
        guard states.contains(where: { $0 != "none" }) else { return nil }
        return SharedTokenIdentity("\(tool) \(directory) \(states.joined(separator: " "))")
    }
}
