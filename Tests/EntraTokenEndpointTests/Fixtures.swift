import CredentialHTTP
import CredentialTesting
import EntraTokenEndpoint
import FoundationEssentials
import TokenCredentials

let postgresScope = "https://ossrdbms-aad.database.windows.net/.default"
let client = "11111111-2222-3333-4444-555555555555"

func endpoint(
    _ http: any HTTPTransport, tenant: String = "contoso.example", clientID: String = client,
    rules: TenantRules = TenantRules(), retrying: RetryPolicy = .never, clock: ManualClock = ManualClock()
) -> TokenEndpoint {
    TokenEndpoint(
        authority: AzureCloud.public.authority, tenant: tenant, clientID: clientID, tenantRules: rules,
        settings: .variables(proof: "AZURE_CLIENT_SECRET"), retrying: retrying, http: http, clock: clock)
}

let goodReply = #"{"token_type":"Bearer","expires_in":3599,"ext_expires_in":3599,"access_token":"eyJ0.eyJ1.c2ln"}"#

/// The error that work ends with; `nil` if it ends well.
func failure<Value>(
    of work: () async throws(CredentialError) -> Value
) async -> CredentialError? {
    do throws(CredentialError) {
        _ = try await work()
        return nil
    } catch {
        return error
    }
}

extension CredentialError {
    var isFailed: Bool { if case .failed = self { true } else { false } }

    func fact(_ name: String) -> String? { diagnosis?.facts.first { $0.name == name }?.value }
}
