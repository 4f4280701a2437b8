import CredentialTesting
import FoundationEssentials
import Testing
import TokenCredentials

@testable import LocalEntra

@Suite struct `A client assertion` {
    private static let kind = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
    private static let clientID = Sample.application.clientID

    private static func form(_ assertion: String) -> [String: String] {
        [
            "client_id": clientID, "client_assertion": assertion, "client_assertion_type": kind,
            "grant_type": "client_credentials", "scope": Sample.scope,
        ]
    }

    /// A cloud whose application has a certificate, and the key of that certificate.
    private func withCertificate(
        _ body: (LocalCloud, LoopbackClient, ManualClock, Certificate, AsymmetricKey) async throws -> Void
    ) async throws {
        let key = try AsymmetricKey.rsa()
        let certificate = try Certificate(name: "client", key: key, purpose: .client)
        var tenant = Sample.tenant
        tenant.applications[0].certificates = [
            try CertifiedKey.forClient(named: "another").certificatePEM, try certificate.pem(),
        ]
        try await Sample.withCloud(Configuration(tenant: tenant)) { cloud, client, clock in
            try await body(cloud, client, clock, certificate, key)
        }
    }

    private func claims(_ cloud: LocalCloud, _ clock: ManualClock) -> [String: JSONValue] {
        [
            "aud": .string(cloud.tokenAddress), "iss": .string(Self.clientID), "sub": .string(Self.clientID),
            "jti": .string(randomGUID()), "iat": .seconds(clock.now), "nbf": .seconds(clock.now),
            "exp": .seconds(clock.now.addingTimeInterval(600)),
        ]
    }

    @Test(arguments: ["RS256", "PS256"], ["x5t", "x5t#S256"])
    func `proves the application with a registered certificate, once`(_ name: String, _ header: String) async throws {
        try await withCertificate { cloud, client, clock, certificate, key in
            let scheme = try #require(AsymmetricKey.Scheme(rawValue: name))
            let thumbprint = header == "x5t" ? certificate.sha1Thumbprint : certificate.sha256Thumbprint
            let assertion = try WebToken.signed(
                header: [header: .string(thumbprint.base64URL)], claims: claims(cloud, clock), by: key, scheme)
            let first = try await client.post(cloud.tokenAddress, form: Self.form(assertion))
            #expect(first.status == 200)
            #expect(TokenClaims(token: first.json["access_token"]?.text ?? "")?["oid"] == Sample.application.objectID)
            let second = try await client.post(cloud.tokenAddress, form: Self.form(assertion))
            #expect(second.errorNumber == 50012)
            #expect(second.status == 401)
        }
    }

    @Test(
        arguments: [
            (700021, ["iss": JSONValue.string("somebody")]), (700021, ["sub": .null]),
            (700023, ["aud": .string("https://login.microsoftonline.com/x/oauth2/v2.0/token")]),
            (700023, ["aud": .null]),
            (700024, ["exp": .number(1_699_999_699)]), (700024, ["exp": .null]),
            (700024, ["nbf": .number(1_700_000_301)]),
            (50012, ["jti": .null]),
        ] as [(Int64, [String: JSONValue])])
    func `must say the right things`(_ number: Int64, _ change: [String: JSONValue]) async throws {
        try await withCertificate { cloud, client, clock, certificate, key in
            let told = claims(cloud, clock).merging(change) { $1 }.filter { $0.value != .null }
            let assertion = try WebToken.signed(
                header: ["x5t#S256": .string(certificate.sha256Thumbprint.base64URL)], claims: told, by: key, .ps256)
            let reply = try await client.post(cloud.tokenAddress, form: Self.form(assertion))
            #expect(reply.errorNumber == number)
            #expect(reply.json["error"]?.text == "invalid_client")
        }
    }

    @Test func `is refused with a foreign key, an unknown thumbprint, or as no token at all`() async throws {
        try await withCertificate { cloud, client, clock, certificate, key in
            let header: [String: JSONValue] = ["x5t#S256": .string(certificate.sha256Thumbprint.base64URL)]
            let foreign = try WebToken.signed(header: header, claims: claims(cloud, clock), by: .rsa(), .ps256)
            let foreignReply = try await client.post(cloud.tokenAddress, form: Self.form(foreign))
            #expect(foreignReply.errorNumber == 700027)
            let unknown = try WebToken.signed(
                header: ["x5t#S256": .string("AAAA")], claims: claims(cloud, clock), by: key, .ps256)
            let unknownReply = try await client.post(cloud.tokenAddress, form: Self.form(unknown))
            #expect(unknownReply.errorNumber == 700027)
            for nonsense in ["x", "a.b.c", "..", ""] {
                let reply = try await client.post(cloud.tokenAddress, form: Self.form(nonsense))
                #expect(reply.errorNumber == 50027)
            }
        }
    }

    @Test func `may come from an issuer that the application trusts`() async throws {
        try await Sample.withCloud { cloud, client, _ in
            let token = try cloud.issueFederatedToken(issuer: "https://cluster.example/", subject: "system:sa:ns:app")
            let reply = try await client.post(cloud.tokenAddress, form: Self.form(token))
            #expect(reply.status == 200)
            // Unlike a signature of its own, a cluster's token may be shown again.
            let again = try await client.post(cloud.tokenAddress, form: Self.form(token))
            #expect(again.status == 200)
        }
    }

    @Test(
        arguments: [
            (700211, "https://other.example/", "system:sa:ns:app", "api://AzureADTokenExchange", 600),
            (700211, "https://cluster.example", "system:sa:ns:app", "api://AzureADTokenExchange", 600),
            (700212, "https://cluster.example/", "system:sa:ns:app", "api://other", 600),
            (700213, "https://cluster.example/", "system:sa:ns:other", "api://AzureADTokenExchange", 600),
            (700024, "https://cluster.example/", "system:sa:ns:app", "api://AzureADTokenExchange", -301),
        ] as [(Int64, String, String, String, Int)])
    func `from an issuer must match in every part`(
        _ number: Int64, _ issuer: String, _ subject: String, _ audience: String, _ lifetime: Int
    ) async throws {
        try await Sample.withCloud { cloud, client, _ in
            let token = try cloud.issueFederatedToken(
                issuer: issuer, subject: subject, audience: audience, lifetime: .seconds(lifetime))
            let reply = try await client.post(cloud.tokenAddress, form: Self.form(token))
            #expect(reply.errorNumber == number)
            #expect(reply.status == 401)
        }
    }

    @Test func `from an issuer with its own key is checked with that key`() async throws {
        let key = try AsymmetricKey.rsa()
        var tenant = Sample.tenant
        tenant.applications[0].federatedCredentials[0].issuerKey = try key.publicPEM()
        try await Sample.withCloud(Configuration(tenant: tenant)) { cloud, client, clock in
            let told: [String: JSONValue] = [
                "iss": .string("https://cluster.example/"), "sub": .string("system:sa:ns:app"),
                "aud": .texts(["api://AzureADTokenExchange"]), "exp": .seconds(clock.now.addingTimeInterval(60)),
            ]
            let token = try WebToken.signed(header: [:], claims: told, by: key)
            let reply = try await client.post(cloud.tokenAddress, form: Self.form(token))
            #expect(reply.status == 200)
            let foreign = try cloud.issueFederatedToken(
                issuer: "https://cluster.example/", subject: "system:sa:ns:app")
            let refused = try await client.post(cloud.tokenAddress, form: Self.form(foreign))
            #expect(refused.errorNumber == 700027)
        }
    }

    @Test(arguments: ["", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"])
    func `needs a signing key that is one`(_ text: String) async throws {
        var configuration = Configuration()
        configuration.signingKey = KnownSecret(text)
        await #expect(throws: LocalCloudError.self) { try await LocalCloud.start(configuration).shutdown() }
    }

    @Test func `that is registered with text which is no certificate stops the start`() async throws {
        var tenant = Sample.tenant
        tenant.applications[0].certificates = ["-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"]
        await #expect(throws: LocalCloudError.self) {
            try await LocalCloud.start(Configuration(tenant: tenant)).shutdown()
        }
    }
}
