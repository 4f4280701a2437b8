import CredentialHTTP
import CredentialTesting
import OnBehalfOfCredentials
import Testing
import TokenCredentials

private let client = "11111111-2222-3333-4444-555555555555"
private let goodReply = #"{"token_type":"Bearer","expires_in":3599,"access_token":"eyJ0.eyJ1.c2ln"}"#

private func failure(of credential: some TokenCredential) async -> CredentialError? {
    do throws(CredentialError) {
        _ = try await credential.token(for: TokenRequest("https://r/.default"))
        return nil
    } catch {
        return error
    }
}

@Suite struct `The on-behalf-of credential` {
    private func credential(
        _ http: ScriptedTransport, _ proof: ApplicationProof = .secret("hush-secret"),
        person: String = "hush.person.token"
    ) -> OnBehalfOfCredential {
        OnBehalfOfCredential(
            userAssertion: person, tenant: "contoso.example", clientID: client, proof: proof, http: http,
            clock: ManualClock())
    }

    private static let fields = [
        "client_id=\(client)", "scope=https://r/.default", "grant_type=urn:ietf:params:oauth:grant-type:jwt-bearer",
        "assertion=hush.person.token", "requested_token_use=on_behalf_of",
    ]

    @Test func `asks with the person's token and the application's secret`() async throws {
        let http = ScriptedTransport(.success(.text(goodReply)))
        let token = try await credential(http).token(for: TokenRequest("https://r/.default"))
        #expect(token.secret == "eyJ0.eyJ1.c2ln")
        let sent = try #require(http.requests.first)
        #expect(sent.method == .post)
        #expect(sent.url == "https://login.microsoftonline.com/contoso.example/oauth2/v2.0/token")
        #expect(sent.sentForm == Self.fields + ["client_secret=hush-secret"])
    }

    @Test func `asks with an assertion made for the request`() async throws {
        let http = ScriptedTransport(.success(.text(goodReply)))
        let credential = credential(http, .assertion { request in "a.\(request.scopes.count).c" })
        _ = try await credential.token(for: TokenRequest("https://r/.default"))
        #expect(
            http.requests.first?.sentForm == Self.fields + [
                "client_assertion_type=urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
                "client_assertion=a.1.c",
            ])
    }

    @Test func `hands on what the person has to sign in with`() async throws {
        let reply =
            #"{"error":"interaction_required","error_codes":[50076],"suberror":"basic_action","claims":"{\"a\":{}}"}"#
        let error = await failure(of: credential(ScriptedTransport(.success(.text(reply, status: 400)))))
        let diagnosis = try #require(error?.diagnosis)
        #expect(diagnosis.cause as? ClaimsChallenge == ClaimsChallenge(claims: #"{"a":{}}"#))
        #expect(diagnosis.kind == .signInNeeded)
        #expect(diagnosis.remedy?.contains("sign in again") == true)
    }

    @Test(arguments: [(500_133, "invalid_grant"), (7_000_114, "invalid_client"), (65001, "invalid_grant")])
    func `fails where Entra says no, and shows nothing secret`(_ code: Int, word: String) async {
        let http = ScriptedTransport(
            .success(.text(#"{"error":"\#(word)","error_codes":[\#(code)],"error_description":"hush"}"#, status: 400)))
        let credential = credential(http)
        let error = await failure(of: credential)
        #expect(error?.diagnosis?.problem.hasSuffix("(AADSTS\(code))") == true)
        for shown in [everythingShown(of: error as Any), everythingShown(of: credential)] {
            #expect(!shown.contains("hush"))
        }
        #expect(!everythingShown(of: ApplicationProof.secret("hush")).contains("hush"))
    }

    @Test(arguments: ["", "a b", "Bearer x", "x\r\ny", "x\0"])
    func `refuses what cannot be a token`(_ text: String) async {
        let http = ScriptedTransport()
        for credential in [credential(http, person: text), credential(http, .assertion { _ in text })] {
            #expect(await failure(of: credential)?.diagnosis?.kind == .misconfigured)
        }
        #expect(await failure(of: credential(http, .secret("")))?.diagnosis?.problem == "the client secret is empty")
        #expect(http.requests.isEmpty)
    }
}
