import FoundationEssentials
import Testing
import TokenCredentials

@Suite struct `An access token` {
    let token = AccessToken(
        secret: "eyJ.very-secret.value", expiresAt: Date(timeIntervalSince1970: 1_790_000_000), user: "api")

    @Test func `never shows its secret, however it is printed`() {
        struct Holder { let token: AccessToken }
        var dumped = ""
        dump(Holder(token: token), to: &dumped)
        dump([token], to: &dumped)
        let outcome = Result<AccessToken, CredentialError>.success(token)
        let attempt = CredentialAttempt(name: "x", duration: .zero, outcome: outcome)
        for text in [
            "\(token)", String(reflecting: token), "\(Holder(token: token))", "\([token])", "\(Optional(token) as Any)",
            "\(outcome)", "\(attempt)", String(reflecting: attempt), dumped,
        ] {
            #expect(!text.contains("very-secret"))
            #expect(!text.isEmpty)
        }
    }

    @Test func `shows when it ends and how long it is`() {
        #expect("\(token)" == "AccessToken(expires 2026-09-21T14:13:20Z, 21 bytes)")
    }

    @Test func `reads its claims without checking them`() throws {
        let payload = Data(#"{"upn":"ann@example.org","exp":1790000000,"groups":["a"],"empty":""}"#.utf8).base64URL
        let claims = try #require(AccessToken(secret: "e30.\(payload).c2ln", expiresAt: .distantFuture).claims)
        #expect(claims["upn"] == "ann@example.org")
        #expect(claims["empty"] == nil)
        #expect(claims["groups"] == nil)
        #expect(claims.date("exp") == Date(timeIntervalSince1970: 1_790_000_000))
    }

    @Test(arguments: [
        "", ".", "..", "a.b", "a.b.c", "e30.W10.x", "e30.!!!.x", "ya29.opaque", "a.b.c.d", "e30.bnVsbA.x",
    ])
    func `has no claims if it is no JSON Web Token`(text: String) {
        #expect(TokenClaims(token: text) == nil)
    }
}

@Suite struct `A token request` {
    @Test func `is the same whatever the order of its scopes`() {
        #expect(TokenRequest("b", "a") == TokenRequest("a", "b", "a"))
        #expect(TokenRequest("b", "a").scopes == ["a", "b"])
    }

    @Test(arguments: [
        ("https://db.example/.default", "https://db.example"),
        ("https://management.example//.default", "https://management.example/"),
        ("https://db.example", "https://db.example"),
        ("https://db.example/.default/.default", "https://db.example/.default"),
    ])
    func `names one resource`(scope: String, resource: String) {
        #expect(TokenRequest(scope).resource == resource)
    }

    @Test func `names none if it has several scopes`() {
        #expect(TokenRequest("a", "b").resource == nil)
    }
}
