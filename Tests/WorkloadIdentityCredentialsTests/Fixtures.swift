import CredentialHTTP
import CredentialTesting
import FoundationEssentials
import TokenCredentials

let scope = "https://ossrdbms-aad.database.windows.net/.default"
let client = "11111111-2222-3333-4444-555555555555"
let goodReply = #"{"token_type":"Bearer","expires_in":3599,"access_token":"eyJ0.eyJ1.c2ln"}"#

/// A token as Kubernetes writes it, unsigned.
func federated(
    ends: Int = 1_700_003_600, subject: String = "system:serviceaccount:shop:api", audience: String = #"["api://x"]"#,
    mark: String = "hushsig"
) -> String {
    let payload = #"""
        {"iss":"https://oidc.example/abc/","sub":"\#(subject)","aud":\#(audience),"iat":1699999000,"exp":\#(ends)}
        """#
    return "eyJhbGciOiJSUzI1NiJ9.\(Data(payload.utf8).base64URL).\(mark)"
}

func failure(of credential: some TokenCredential, for request: TokenRequest = TokenRequest(scope)) async
    -> CredentialError?
{
    do throws(CredentialError) {
        _ = try await credential.token(for: request)
        return nil
    } catch {
        return error
    }
}

func refusal(_ code: Int) -> HTTPResponse {
    .text(#"{"error":"invalid_client","error_description":"hush","error_codes":[\#(code)]}"#, status: 401)
}
