import CredentialHTTP
import CredentialTesting
import EntraSignIn
import FoundationEssentials
import TokenCredentials

let request = TokenRequest("https://ossrdbms-aad.database.windows.net/.default")
let clientID = "04b07795-8ddb-461a-bbee-02f9e1bf7b46"
let key = SignIn.key(profile: "default")

/// A sign-in of Bob's.
func signIn(_ refreshToken: String = "hush-1", authority: Authority = AzureCloud.public.authority) -> SignIn {
    SignIn(
        refreshToken: refreshToken, account: "bob@contoso.example", tenant: "contoso.example", clientID: clientID,
        scopes: request.scopes, authority: authority, renewedAt: Date(timeIntervalSince1970: 1_700_000_000))
}

/// What Entra answers to a refresh token that it accepts.
func reply(refreshToken: String? = nil) -> HTTPResponse {
    let renewed = refreshToken.map { #", "refresh_token": "\#($0)""# } ?? ""
    return .text(#"{"token_type": "Bearer", "access_token": "t0ken", "expires_in": 3600\#(renewed)}"#)
}

/// What Entra answers to one that it does not accept.
func refusal(_ error: String, suberror: String = "") -> HTTPResponse {
    .text(
        #"{"error": "\#(error)", "suberror": "\#(suberror)", "error_description": "AADSTS700082: no", "error_codes": [700082]}"#,
        status: 400)
}
