import DeviceCodeCredentials
import EntraTokenEndpoint
import InteractiveBrowserCredentials
public import TokenCredentials

extension CredentialRegistry {
    /// The standard registry, and the two credentials that ask a person: `device-code` and `interactive-browser`.
    ///
    /// No default order holds either: they are asked where somebody names them. Which application, directory and
    /// authority they sign in to is read from `AZURE_CLIENT_ID`, `AZURE_TENANT_ID` and `AZURE_AUTHORITY_HOST`.
    ///
    /// - Parameter show: Shows the person what to do. The sign-in is awaited when it returns.
    public static func standard(
        showing show: @escaping @Sendable (SignInPrompt) async -> Void
    ) -> CredentialRegistry {
        var registry = CredentialRegistry.standard
        registry.register("device-code") { environment in
            PersonSettings(environment).credential("device-code") { settings, authority in
                DeviceCodeCredential(
                    clientID: settings.clientID ?? DeviceCodeCredential.azureCLIClientID, tenant: settings.tenant,
                    authority: authority, prompt: { await show(.deviceCode($0)) }
                ).following(settings.tenantRules)
            }
        }
        registry.register("interactive-browser") { environment in
            PersonSettings(environment).credential("interactive-browser") { settings, authority in
                InteractiveBrowserCredential(
                    clientID: settings.clientID ?? InteractiveBrowserCredential.azureCLIClientID,
                    tenant: settings.tenant, authority: authority, prompt: { await show(.browser(address: $0)) }
                ).following(settings.tenantRules)
            }
        }
        return registry
    }
}

/// What a person signs in to, as the environment says.
private struct PersonSettings {
    let clientID: String?
    let tenant: String
    let tenantRules: TenantRules
    private let authority: Result<Authority, CredentialError>

    init(_ environment: ProcessEnvironment) {
        clientID = environment["AZURE_CLIENT_ID"]?.trimmed
        tenant = environment["AZURE_TENANT_ID"]?.trimmed ?? "organizations"
        tenantRules = TenantRules(environment)
        do throws(CredentialError) {
            authority = .success(
                try environment["AZURE_AUTHORITY_HOST"].map { (text) throws(CredentialError) in try Authority(text) }
                    ?? AzureCloud.public.authority)
        } catch {
            authority = .failure(error)
        }
    }

    func credential(
        _ name: String, _ make: (PersonSettings, Authority) -> any TokenCredential
    ) -> any TokenCredential {
        switch authority {
        case .success(let authority): make(self, authority)
        case .failure(let error): UnusableCredential(name: name, error: error)
        }
    }
}

/// A credential whose settings cannot be read: making it may not fail, so that asking it does.
private struct UnusableCredential: ConfiguredCredential {
    let name: String
    let error: CredentialError

    var configuration: CredentialConfiguration { .notConfigured(error.diagnosis?.problem ?? "it cannot be used") }

    func token(for request: TokenRequest) async throws(CredentialError) -> AccessToken { throw error }
}
