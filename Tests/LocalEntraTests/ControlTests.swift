import FoundationEssentials
import NIOHTTP1
import Testing
import TokenCredentials

@testable import LocalEntra

@Suite struct `The control interface` {
    private static let key = "k-7e57"

    private func withControl(_ body: (LocalCloud, (String, String) async throws -> LoopbackReply) async throws -> Void)
        async throws
    {
        var configuration = Configuration(tenant: Sample.tenant)
        configuration.controlKey = KnownSecret(Self.key)
        try await Sample.withCloud(configuration) { cloud, client, _ in
            try await body(cloud) { action, json in
                try await client.send(
                    .POST, "\(cloud.metadataAddress)/control/\(action)", headers: ["X-Control-Key": Self.key],
                    body: json)
            }
        }
    }

    @Test func `opens with its key only, and leaves no trace in the record`() async throws {
        try await withControl { cloud, perform in
            let address = "\(cloud.metadataAddress)/control/requests"
            for headers in [[:], ["X-Control-Key": "k-7e58"], ["X-Control-Key": ""], ["X-Control-Key": "k-7e577"]] {
                let reply = try await LoopbackClient().send(.POST, address, headers: headers, body: "{}")
                #expect(reply.status == 403)
            }
            let reply = try await perform("requests", "{}")
            #expect(reply.json["count"] == .number(0))
        }
        try await Sample.withCloud { cloud, client, _ in
            let reply = try await client.get(
                "\(cloud.metadataAddress)/control/requests", headers: ["X-Control-Key": ""])
            #expect(reply.status == 404)
        }
    }

    @Test func `issues tokens to order`() async throws {
        try await withControl { cloud, perform in
            let good = try await perform("token", "{}")
            #expect(claims(good.json["access_token"]?.text)?["oid"] == Sample.userAssigned.objectID)
            let varied = try await perform(
                "token", #"{"user": "ada@contoso.example", "audience": "x", "lifetime": -5, "claims": {"extra": "1"}}"#)
            let told = try #require(claims(varied.json["access_token"]?.text))
            #expect(told["aud"] == "x")
            #expect(told["extra"] == "1")
            #expect(told.date("exp") == Date(timeIntervalSince1970: 1_700_000_000 - 5))
            let unknown = try await perform("token", #"{"application": "nobody"}"#)
            #expect(unknown.status == 400)
            #expect(unknown.json["error"]?.text == "there is no application nobody")
        }
    }

    @Test func `sets faults, answers devices and makes certificates`() async throws {
        try await withControl { cloud, perform in
            let set = try await perform(
                "fault", #"{"endpoint": "imds", "kind": "reply", "status": 410, "headers": {"A": "b"}}"#)
            #expect(set.status == 200)
            let gone = try await LoopbackClient().get("\(cloud.metadataAddress)/metadata/identity/oauth2/token")
            #expect(gone.status == 410 && gone.headers["a"] == "b")
            let certificate = try await perform("server-certificate", #"{"names": ["db.example", "127.0.0.1", "::1"]}"#)
            #expect(certificate.json["certificate"]?.text?.hasPrefix("-----BEGIN CERTIFICATE-----") == true)
            #expect(certificate.json["key"]?.text?.hasPrefix("-----BEGIN PRIVATE KEY-----") == true)
            let nobody = try await perform("answer-device", #"{"userCode": "X"}"#)
            #expect(nobody.json["error"]?.text == "no device waits with that code")
        }
    }

    @Test(arguments: [
        ("nothing", "{}"), ("token", "["), ("fault", "{}"), ("fault", #"{"endpoint": "imds", "kind": "magic"}"#),
        ("server-certificate", #"{"names": []}"#), ("server-certificate", #"{"names": ["a,DNS:b"]}"#),
        ("server-certificate", #"{"names": ["a\nb"]}"#), ("server-certificate", #"{"names": ["999.1.1.1"]}"#),
    ])
    func `refuses what it does not understand`(_ action: String, _ json: String) async throws {
        try await withControl { _, perform in
            let reply = try await perform(action, json)
            #expect(reply.status == 400)
            #expect(reply.json["error"]?.text?.isEmpty == false)
        }
    }

    @Test func `takes its configuration from a file`() throws {
        let text = """
            {"tokenLifetime": 120, "ldapPort": 1389, "managedIdentityHosts": ["imds"], "tenant": {
             "id": "t-1", "applications": [{"clientID": "c", "objectID": "o", "secrets": ["s"],
              "federatedCredentials": [{"issuer": "i", "subject": "s"}]}],
             "users": [{"objectID": "u", "principalName": "p", "password": "w"}],
             "managedIdentities": [{"kind": "systemAssigned", "clientID": "a", "objectID": "b", "resourceID": "r"}],
             "roles": [{"name": "r", "kind": "group", "objectID": "g"}]}}
            """
        let configuration = try JSONDecoder().decode(Configuration.self, from: Data(text.utf8))
        #expect(configuration.tokenLifetime == .seconds(120))
        #expect(configuration.ldapPort == 1389)
        #expect(configuration.authorityPort == 0)
        #expect(configuration.managedIdentityHosts == [.imds])
        #expect(
            configuration.tenant.applications.first?.federatedCredentials.first?.audience
                == "api://AzureADTokenExchange")
        #expect(configuration.tenant.roles == [LocalRole("r", .group, objectID: "g")])
        #expect(!"\(configuration)".contains("\"w\""))
    }
}
