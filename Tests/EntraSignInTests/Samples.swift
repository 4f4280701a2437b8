import CredentialHTTP
import CredentialTesting
import EntraSignIn
import EntraTokenEndpoint
import FoundationEssentials
import TokenCredentials

let client = "11111111-2222-3333-4444-555555555555"
let request = TokenRequest("https://ossrdbms-aad.database.windows.net/.default")
let key = SignIn.key(profile: "default")

func signIn(
    _ refreshToken: String = "hush-1", client: String = client, authority: Authority = AzureCloud.public.authority
) -> SignIn {
    SignIn(
        refreshToken: refreshToken, account: "bob@contoso.example", accountID: "u1.t1",
        tenant: "99999999-2222-3333-4444-555555555555", clientID: client, scopes: request.scopes, authority: authority,
        renewedAt: Date(timeIntervalSince1970: 1_700_000_000))
}

func endpoint(_ http: ScriptedTransport, clock: any WallClock = HastyClock()) -> TokenEndpoint {
    TokenEndpoint(
        authority: AzureCloud.public.authority, tenant: "organizations", clientID: client, retrying: .never, http: http,
        clock: clock)
}

func reply(refreshToken: String? = nil, more: String = "") -> HTTPResponse {
    .text(
        #"{"token_type":"Bearer","expires_in":3599,"access_token":"eyJ0.eyJ1.c2ln""#
            + (refreshToken.map { #","refresh_token":"\#($0)""# } ?? "") + more + "}")
}

func refusal(_ error: String, code: Int? = nil, more: String = "") -> HTTPResponse {
    .text(#"{"error":"\#(error)""# + (code.map { #","error_codes":[\#($0)]"# } ?? "") + more + "}", status: 400)
}

/// Diagnoses reported, in order.
final class Reports: Sendable {
    private let list = Guarded<[Diagnosis]>([])
    var all: [Diagnosis] { list.withLock { $0 } }
    func add(_ diagnosis: Diagnosis) { list.withLock { $0.append(diagnosis) } }
}
