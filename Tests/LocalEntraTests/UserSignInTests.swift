import CredentialTesting
import FoundationEssentials
import Testing
import TokenCredentials

@testable import LocalEntra

@Suite struct `A user's sign-in` {
    private static let clientID = Sample.publicClient.clientID
    private static let scope = Sample.scope + " openid profile offline_access"

    private func passwordForm(_ change: [String: String] = [:]) -> [String: String] {
        [
            "client_id": Self.clientID, "grant_type": "password", "username": "Ada@contoso.example",
            "password": Sample.password, "scope": Self.scope,
        ].merging(change) { $1 }
    }

    @Test func `by password gives access, refresh and identity tokens`() async throws {
        try await Sample.withCloud { cloud, client, _ in
            let address = "\(cloud.authority)/organizations/oauth2/v2.0/token"
            let reply = try await client.post(address, form: passwordForm(["client_info": "1"]))
            #expect(reply.status == 200)
            #expect(reply.json["scope"]?.text == Self.scope)
            let access = try #require(claims(reply.json["access_token"]?.text))
            #expect(access["upn"] == "ada@contoso.example")
            #expect(access["unique_name"] == "ada@contoso.example")
            #expect(access["name"] == "Ada")
            #expect(access["scp"] == "user_impersonation")
            #expect(access.values["groups"] == .texts([Sample.group]))
            let identity = try #require(claims(reply.json["id_token"]?.text))
            #expect(identity["aud"] == Self.clientID)
            #expect(identity["preferred_username"] == "ada@contoso.example")
            let info = Data(base64URL: try #require(reply.json["client_info"]?.text)).flatMap(JSONValue.init(parsing:))
            #expect(info?["utid"]?.text == cloud.tenant.id)
        }
    }

    @Test(
        arguments: [
            (50126, ["password": "wrong"]), (50034, ["username": "eve@contoso.example"]), (900144, ["password": ""]),
            (70011, ["scope": "https://ossrdbms-aad.database.windows.net"]),
            (700022, ["scope": Sample.scope + " https://vault.azure.net/.default"]),
        ] as [(Int64, [String: String])])
    func `by password is refused as Entra does`(_ number: Int64, _ change: [String: String]) async throws {
        try await Sample.withCloud { cloud, client, _ in
            let reply = try await client.post(cloud.tokenAddress, form: passwordForm(change))
            #expect(reply.status == 400)
            #expect(reply.errorNumber == number)
            #expect(!reply.text.contains(Sample.password))
        }
    }

    @Test func `is renewed by a refresh token, which is replaced each time`() async throws {
        try await Sample.withCloud { cloud, client, _ in
            let first = try await client.post(cloud.tokenAddress, form: passwordForm())
            let old = try #require(first.json["refresh_token"]?.text)
            let form = [
                "client_id": Self.clientID, "grant_type": "refresh_token", "refresh_token": old,
                "scope": "https://vault.azure.net/.default",
            ]
            let second = try await client.post(cloud.tokenAddress, form: form)
            #expect(second.status == 200)
            #expect(claims(second.json["access_token"]?.text)?["aud"] == "https://vault.azure.net")
            let new = try #require(second.json["refresh_token"]?.text)
            #expect(new != old)
            let other = form.merging(["client_id": Sample.application.clientID, "client_secret": Sample.secret]) { $1 }
            let stolen = try await client.post(cloud.tokenAddress, form: other)
            #expect(stolen.errorNumber == 700005)
            cloud.revokeRefreshTokens()
            let revoked = try await client.post(cloud.tokenAddress, form: form)
            #expect(revoked.errorNumber == 70000)
            #expect(revoked.json["error"]?.text == "invalid_grant")
        }
    }

    /// Asks for a device code and returns it with the code to show.
    private func deviceCode(_ cloud: LocalCloud, _ client: LoopbackClient) async throws -> (
        form: [String: String], userCode: String
    ) {
        let reply = try await client.post(
            "\(cloud.authority)/\(cloud.tenant.id)/oauth2/v2.0/devicecode",
            form: ["client_id": Self.clientID, "scope": Self.scope])
        #expect(reply.json["expires_in"] == .number(900))
        #expect(reply.json["interval"] == .number(5))
        let userCode = try #require(reply.json["user_code"]?.text)
        #expect(reply.json["message"]?.text?.contains(userCode) == true)
        let form = [
            "client_id": Self.clientID, "grant_type": "urn:ietf:params:oauth:grant-type:device_code",
            "device_code": try #require(reply.json["device_code"]?.text),
        ]
        return (form, userCode)
    }

    @Test func `on another device waits, slows down, and succeeds when approved`() async throws {
        try await Sample.withCloud { cloud, client, clock in
            let (form, userCode) = try await deviceCode(cloud, client)
            #expect(cloud.waitingUserCodes == [userCode])
            let first = try await client.post(cloud.tokenAddress, form: form)
            #expect(first.json["error"]?.text == "authorization_pending")
            #expect(first.errorNumber == 70016)
            let hasty = try await client.post(cloud.tokenAddress, form: form)
            #expect(hasty.json["error"]?.text == "slow_down")
            clock.advance(by: .seconds(5))
            let stillHasty = try await client.post(cloud.tokenAddress, form: form)
            #expect(stillHasty.json["error"]?.text == "slow_down")
            clock.advance(by: .seconds(15))
            let patient = try await client.post(cloud.tokenAddress, form: form)
            #expect(patient.json["error"]?.text == "authorization_pending")
            #expect(cloud.answerDevice(userCode: userCode, .approve(principalName: "bob@contoso.example")))
            let done = try await client.post(cloud.tokenAddress, form: form)
            #expect(claims(done.json["access_token"]?.text)?["upn"] == "bob@contoso.example")
            #expect(done.json["refresh_token"] != nil)
            let again = try await client.post(cloud.tokenAddress, form: form)
            #expect(again.json["error"]?.text == "bad_verification_code")
            #expect(!cloud.answerDevice(userCode: userCode, .decline))
        }
    }

    @Test func `on another device ends when declined or too late`() async throws {
        try await Sample.withCloud { cloud, client, clock in
            let (declined, userCode) = try await deviceCode(cloud, client)
            cloud.answerDevice(userCode: userCode, .decline)
            let no = try await client.post(cloud.tokenAddress, form: declined)
            #expect(no.json["error"]?.text == "authorization_declined")
            let (late, _) = try await deviceCode(cloud, client)
            clock.advance(by: .seconds(900))
            let tooLate = try await client.post(cloud.tokenAddress, form: late)
            #expect(tooLate.json["error"]?.text == "expired_token")
            #expect(tooLate.errorNumber == 70019)
        }
    }

    private static let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    // RFC 7636, appendix B.
    private static let challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
    private static let redirect = "http://localhost:40123"

    private func pageAddress(_ cloud: LocalCloud, _ change: [String: String] = [:]) -> String {
        let query = [
            "client_id": Self.clientID, "response_type": "code", "redirect_uri": Self.redirect, "scope": Self.scope,
            "state": "st&te", "code_challenge": Self.challenge, "code_challenge_method": "S256", "nonce": "n-1",
        ].merging(change) { $1 }
        let text = query.map { "\($0.key)=\(LoopbackClient.encoded($0.value))" }.joined(separator: "&")
        return "\(cloud.authority)/common/oauth2/v2.0/authorize?\(text)"
    }

    private func location(_ reply: LoopbackReply) throws -> [RequestField] {
        let text = try #require(reply.headers["location"])
        #expect(text.hasPrefix(Self.redirect + "?"))
        return try #require(RequestField.fields(encoded: text.dropFirst(Self.redirect.count + 1)))
    }

    @Test func `in the browser brings back a code that works once, with its verifier`() async throws {
        try await Sample.withCloud { cloud, client, _ in
            let page = try await client.get(pageAddress(cloud))
            #expect(page.status == 302)
            let fields = try location(page)
            #expect(fields.first("state") == "st&te")
            let form = [
                "client_id": Self.clientID, "grant_type": "authorization_code", "redirect_uri": Self.redirect,
                "code": try #require(fields.first("code")), "code_verifier": Self.verifier,
            ]
            let reply = try await client.post(cloud.tokenAddress, form: form)
            #expect(claims(reply.json["access_token"]?.text)?["upn"] == "ada@contoso.example")
            #expect(claims(reply.json["id_token"]?.text)?["nonce"] == "n-1")
            let again = try await client.post(cloud.tokenAddress, form: form)
            #expect(again.errorNumber == 54005)

            let other = try location(try await client.get(pageAddress(cloud)))
            let wrong = form.merging(["code": other.first("code") ?? "", "code_verifier": "wrong"]) { $1 }
            let refused = try await client.post(cloud.tokenAddress, form: wrong)
            #expect(refused.errorNumber == 501481)
        }
    }

    @Test func `in the browser can be declined, and posted as a form`() async throws {
        try await Sample.withCloud { cloud, client, clock in
            let posted = try await client.get(pageAddress(cloud, ["response_mode": "form_post"]))
            #expect(posted.status == 200)
            #expect(posted.text.contains(#"action="http://localhost:40123""#))
            #expect(posted.text.contains(#"name="state" value="st&amp;te""#))
            let late = try location(try await client.get(pageAddress(cloud)))
            clock.advance(by: .seconds(600))
            let form = [
                "client_id": Self.clientID, "grant_type": "authorization_code", "redirect_uri": Self.redirect,
                "code": try #require(late.first("code")), "code_verifier": Self.verifier,
            ]
            let expired = try await client.post(cloud.tokenAddress, form: form)
            #expect(expired.errorNumber == 70008)
            cloud.setBrowserAnswer(.decline)
            let declined = try location(try await client.get(pageAddress(cloud)))
            #expect(declined.first("error") == "access_denied")
            #expect(declined.first("state") == "st&te")
        }
    }

    @Test(arguments: [
        ["redirect_uri": "http://evil.example"], ["redirect_uri": "http://localhost.evil.example:1/"],
        ["redirect_uri": "http://localhost:1@evil.example"], ["client_id": "nobody"],
    ])
    func `in the browser sends nothing to an address that is not registered`(_ change: [String: String]) async throws {
        try await Sample.withCloud { cloud, client, _ in
            let reply = try await client.get(pageAddress(cloud, change))
            #expect(reply.status == 400)
            #expect(reply.headers["location"] == nil)
        }
    }

    @Test(
        arguments: [
            (nil, 200, nil), (TokenVariation(lifetime: .seconds(-1)), 400, 500133),
            (TokenVariation(audience: Sample.resource), 400, 500131),
            (TokenVariation(claims: ["upn": .null]), 400, 7_000_114),
        ] as [(TokenVariation?, Int, Int64?)])
    func `can be carried on by a service in its name`(
        _ variation: TokenVariation?, _ status: Int, _ number: Int64?
    ) async throws {
        try await Sample.withCloud { cloud, client, _ in
            var variation = variation ?? .none
            variation.audience = variation.audience ?? "api://\(Sample.application.clientID)"
            let assertion = try cloud.issueToken(for: .user(principalName: "ada@contoso.example"), variation)
            let reply = try await client.post(
                cloud.tokenAddress,
                form: [
                    "client_id": Sample.application.clientID, "client_secret": Sample.secret,
                    "grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer", "assertion": assertion,
                    "requested_token_use": "on_behalf_of", "scope": Sample.scope,
                ])
            #expect(reply.status == status)
            #expect(reply.errorNumber == number)
            if status == 200 {
                #expect(claims(reply.json["access_token"]?.text)?["upn"] == "ada@contoso.example")
                #expect(claims(reply.json["access_token"]?.text)?["aud"] == Sample.resource)
            }
        }
    }
}
