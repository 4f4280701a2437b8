import CredentialHTTP
import CredentialTesting
import EntraTokenEndpoint
import FoundationEssentials
import Testing
import TokenCredentials

@testable import EntraSignIn

@Suite struct `The reply to a sign-in` {
    private func signIn(_ more: String) async throws -> SignIn? {
        let http = ScriptedTransport(.success(reply(refreshToken: "hush-1", more: more)))
        let endpoint = endpoint(http)
        return SignIn(try await endpoint.token(.deviceCode("d"), for: request), from: endpoint, for: request)
    }

    private func encoded(_ json: String) -> String { Data(json.utf8).base64URL }

    @Test func `says who signed in`() async throws {
        let idToken = "e30." + encoded(#"{"preferred_username":"bob@contoso.example","tid":"t2"}"#) + ".x"
        let info = encoded(#"{"uid":"u1","utid":"t1"}"#)
        let found = try #require(try await signIn(#","id_token":"\#(idToken)","client_info":"\#(info)""#))
        #expect(found.account == "bob@contoso.example")
        #expect(found.accountID == "u1.t1")
        #expect(found.tenant == "t1")
        #expect(found.clientID == client)
        #expect(found.scopes == request.scopes)
        #expect(found.refreshToken == "hush-1")
    }

    @Test(arguments: [
        "", #","id_token":"nonsense","client_info":"%%%""#, #","client_info":"bnVsbA""#, #","id_token":"e30.e30.x""#,
        #","client_info":"eyJ1dGlkIjoiLi4vLi4vIn0""#,
    ])
    func `is enough without saying so`(_ more: String) async throws {
        let found = try #require(try await signIn(more))
        #expect(found.account == nil)
        #expect(found.tenant == "organizations")
        #expect(try SignIn(document: found.document) == found)
    }
}
