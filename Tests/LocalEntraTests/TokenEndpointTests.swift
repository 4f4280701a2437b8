import CredentialTesting
import FoundationEssentials
import NIOHTTP1
import Testing
import TokenCredentials

@testable import LocalEntra

@Suite struct `The token endpoint` {
    private static let good = [
        "client_id": Sample.application.clientID, "client_secret": Sample.secret, "grant_type": "client_credentials",
        "scope": Sample.scope,
    ]

    @Test func `gives a token for a client secret, in the form Entra has`() async throws {
        try await Sample.withCloud { cloud, client, clock in
            let reply = try await client.post(cloud.tokenAddress, form: Self.good)
            #expect(reply.status == 200)
            #expect(reply.json["token_type"]?.text == "Bearer")
            #expect(reply.json["expires_in"] == .number(3600))
            let token = try #require(reply.json["access_token"]?.text)
            #expect((1_600...2_200).contains(token.utf8.count))
            let claims = try #require(TokenClaims(token: token))
            #expect(claims["aud"] == Sample.resource)
            #expect(claims["iss"] == "https://sts.windows.net/\(cloud.tenant.id)/")
            #expect(claims["tid"] == cloud.tenant.id)
            #expect(claims["appid"] == Sample.application.clientID)
            #expect(claims["oid"] == Sample.application.objectID)
            #expect(claims["idtyp"] == "app")
            #expect(claims.date("exp") == clock.now.addingTimeInterval(3600))
        }
    }

    @Test func `signs tokens with the key it publishes`() async throws {
        try await Sample.withCloud { cloud, client, _ in
            let configuration = try await client.get(
                "\(cloud.authority)/contoso.example/v2.0/.well-known/openid-configuration")
            #expect(configuration.json["token_endpoint"]?.text == cloud.tokenAddress)
            let keys = try await client.get(try #require(configuration.json["jwks_uri"]?.text))
            guard case .array(let list)? = keys.json["keys"], let published = list.first else {
                Issue.record("no keys")
                return
            }
            let reply = try await client.post(cloud.tokenAddress, form: Self.good)
            let token = try #require(reply.json["access_token"]?.text.flatMap(WebToken.init))
            #expect(token.header["kid"] == published["kid"])
            let key = try AsymmetricKey(
                publicPEM: rsaPEM(modulus: published["n"]?.text, exponent: published["e"]?.text))
            #expect(token.isSigned(by: key))
            #expect(!token.isSigned(by: try .rsa()))
        }
    }

    struct Refusal: Sendable, CustomTestStringConvertible {
        let number: Int64
        let error: String
        let status: Int
        let change: [String: String?]
        var tenant = "contoso.example"
        var testDescription: String { "AADSTS\(number) for \(change.keys.sorted()) at \(tenant)" }
    }

    static let refusals = [
        Refusal(number: 7_000_215, error: "invalid_client", status: 401, change: ["client_secret": "wrong"]),
        Refusal(number: 7_000_215, error: "invalid_client", status: 401, change: ["client_secret": ""]),
        Refusal(number: 7_000_218, error: "invalid_client", status: 401, change: ["client_secret": nil]),
        Refusal(number: 700016, error: "unauthorized_client", status: 400, change: ["client_id": "nobody"]),
        Refusal(number: 900144, error: "invalid_request", status: 400, change: ["client_id": nil]),
        Refusal(number: 900144, error: "invalid_request", status: 400, change: ["grant_type": nil]),
        Refusal(number: 900144, error: "invalid_request", status: 400, change: ["scope": nil]),
        Refusal(number: 70003, error: "unsupported_grant_type", status: 400, change: ["grant_type": "magic"]),
        Refusal(number: 1_002_012, error: "invalid_scope", status: 400, change: ["scope": Sample.resource]),
        Refusal(number: 70011, error: "invalid_scope", status: 400, change: ["scope": "openid"]),
        Refusal(
            number: 70011, error: "invalid_scope", status: 400,
            change: ["scope": Sample.scope + " https://vault.azure.net/.default"]),
        Refusal(
            number: 500011, error: "invalid_resource", status: 400, change: ["scope": "https://a.example/.default"]),
        Refusal(number: 90002, error: "invalid_request", status: 400, change: [:], tenant: "unknown.example"),
        Refusal(number: 50059, error: "invalid_request", status: 400, change: [:], tenant: "common"),
        Refusal(number: 9_001_023, error: "invalid_request", status: 400, change: [:], tenant: "consumers"),
        Refusal(
            number: 700025, error: "invalid_client", status: 401, change: ["client_id": Sample.publicClient.clientID]),
    ]

    @Test(arguments: refusals)
    func `refuses as Entra does`(_ refusal: Refusal) async throws {
        try await Sample.withCloud { cloud, client, _ in
            var form = Self.good
            for (name, value) in refusal.change { form[name] = value }
            let address = "\(cloud.authority)/\(refusal.tenant)/oauth2/v2.0/token"
            let identifier = "6f1c3b52-8f5e-4b7c-9a52-0f0b7e6a1d11"
            let reply = try await client.post(address, form: form, headers: ["client-request-id": identifier])
            #expect(reply.status == refusal.status)
            #expect(reply.json["error"]?.text == refusal.error)
            #expect(reply.errorNumber == refusal.number)
            #expect(reply.json["correlation_id"]?.text == identifier)
            #expect(reply.json["trace_id"]?.text?.count == 36)
            #expect(reply.json["timestamp"]?.text == "2023-11-14 22:13:20Z")
            let description = try #require(reply.json["error_description"]?.text)
            #expect(description.hasPrefix("AADSTS\(refusal.number): "))
            #expect(description.contains("\r\nTrace ID: "))
            #expect(!reply.text.contains(Sample.secret))
        }
    }

    @Test func `refuses a repeated parameter and a body that is no form`() async throws {
        try await Sample.withCloud { cloud, client, _ in
            let twice = try await client.send(
                .POST, cloud.tokenAddress, headers: ["Content-Type": "application/x-www-form-urlencoded"],
                body: "grant_type=a&grant_type=b")
            #expect(twice.errorNumber == 9_002_313)
            let json = try await client.send(
                .POST, cloud.tokenAddress, headers: ["Content-Type": "application/json"], body: "{}")
            #expect(json.errorNumber == 9_002_313)
            let badEscape = try await client.send(
                .POST, cloud.tokenAddress, headers: ["Content-Type": "application/x-www-form-urlencoded"], body: "a=%4")
            #expect(badEscape.errorNumber == 9_002_313)
            let reply2 = try await client.get(cloud.tokenAddress)
            #expect(reply2.status == 405)
        }
    }

    @Test func `takes the older of two secrets, and any case in ids`() async throws {
        try await Sample.withCloud { cloud, client, _ in
            var form = Self.good
            form["client_secret"] = "older"
            form["client_id"] = Sample.application.clientID.uppercased()
            let address = "\(cloud.authority)/CONTOSO.example/oauth2/v2.0/token"
            let reply3 = try await client.post(address, form: form)
            #expect(reply3.status == 200)
        }
    }

    @Test func `is trusted through its own authority only`() async throws {
        try await Sample.withCloud { cloud, client, _ in
            let elsewhere = try await LocalCloud.start()
            let stranger = LoopbackClient(trusting: elsewhere.caPEM)
            await #expect(throws: (any Error).self) { try await stranger.post(cloud.tokenAddress, form: Self.good) }
            try await elsewhere.shutdown()
            #expect(cloud.requests.isEmpty)
        }
    }

    /// A public key of two numbers as PEM text, written without the code under test.
    private func rsaPEM(modulus: String?, exponent: String?) throws -> String {
        func number(_ text: String?) throws -> [UInt8] {
            let bytes = Array(try #require(text.flatMap { Data(base64URL: $0) }))
            return LDAPClient.element(0x02, (bytes[0] < 0x80 ? [] : [0]) + bytes)
        }
        let numbers = LDAPClient.element(0x30, try number(modulus) + number(exponent))
        let algorithm: [UInt8] = [0x30, 13, 6, 9, 0x2A, 0x86, 0x48, 0x86, 0xF7, 13, 1, 1, 1, 5, 0]
        let key = LDAPClient.element(0x30, algorithm + LDAPClient.element(0x03, [0] + numbers))
        let text = Data(key).base64EncodedString(options: [.lineLength64Characters, .endLineWithLineFeed])
        return "-----BEGIN PUBLIC KEY-----\n\(text)\n-----END PUBLIC KEY-----\n"
    }
}
