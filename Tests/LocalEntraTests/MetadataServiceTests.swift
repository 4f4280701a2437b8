import Testing
import TokenCredentials

@testable import LocalEntra

@Suite struct `The metadata service` {
    private static let query = "api-version=2018-02-01&resource=https%3A%2F%2Fossrdbms-aad.database.windows.net"
    private static let metadata = ["Metadata": "true"]

    private func address(_ cloud: LocalCloud, _ query: String) -> String {
        "\(cloud.metadataAddress)/metadata/identity/oauth2/token?\(query)"
    }

    @Test func `gives a token with every number as a text`() async throws {
        try await Sample.withCloud { cloud, client, _ in
            let reply = try await client.get(address(cloud, Self.query), headers: Self.metadata)
            #expect(reply.status == 200)
            #expect(reply.json["expires_in"] == .string("3600"))
            #expect(reply.json["expires_on"] == .string("1700003600"))
            #expect(reply.json["not_before"] == .string("1700000000"))
            #expect(reply.json["resource"]?.text == Sample.resource)
            #expect(reply.json["client_id"]?.text == Sample.userAssigned.clientID)
            let told = try #require(claims(reply.json["access_token"]?.text))
            #expect(told["xms_mirid"]?.hasSuffix("userAssignedIdentities/orders-api") == true)
            #expect(told["oid"] == Sample.userAssigned.objectID)
        }
    }

    @Test(arguments: [
        ("client_id", Sample.secondAssigned.clientID, Sample.secondAssigned.objectID),
        ("object_id", Sample.secondAssigned.objectID, Sample.secondAssigned.objectID),
        ("msi_res_id", Sample.secondAssigned.resourceID, Sample.secondAssigned.objectID),
        ("msi_res_id", Sample.secondAssigned.resourceID.uppercased(), Sample.secondAssigned.objectID),
        // A name that this host does not know is passed over.
        ("mi_res_id", Sample.secondAssigned.resourceID, Sample.systemAssigned.objectID),
    ])
    func `finds an identity by each kind of id`(_ name: String, _ value: String, _ objectID: String) async throws {
        var tenant = Sample.tenant
        tenant.managedIdentities = [Sample.userAssigned, Sample.secondAssigned, Sample.systemAssigned]
        try await Sample.withCloud(Configuration(tenant: tenant)) { cloud, client, _ in
            let query = Self.query + "&\(name)=\(LoopbackClient.encoded(value))"
            let reply = try await client.get(address(cloud, query), headers: Self.metadata)
            #expect(claims(reply.json["access_token"]?.text)?["oid"] == objectID)
        }
    }

    struct Refusal: Sendable {
        let identities: [LocalIdentity]
        let query: String
        let headers: [String: String]
        let error: String
        let text: String
    }

    static let refusals = [
        Refusal(
            identities: [Sample.userAssigned], query: query, headers: [:], error: "bad_request_102",
            text: "Required metadata header not specified"),
        Refusal(
            identities: [Sample.userAssigned], query: query, headers: ["Metadata": "false"], error: "bad_request_102",
            text: "Required metadata header not specified"),
        Refusal(identities: [], query: query, headers: metadata, error: "invalid_request", text: "Identity not found"),
        Refusal(
            identities: [Sample.userAssigned], query: query + "&client_id=nobody", headers: metadata,
            error: "invalid_request", text: "Identity not found"),
        Refusal(
            identities: [Sample.userAssigned, Sample.secondAssigned], query: query, headers: metadata,
            error: "invalid_request", text: "Multiple user assigned identities exist"),
        Refusal(
            identities: [Sample.userAssigned], query: query + "&client_id=a&object_id=b", headers: metadata,
            error: "invalid_request", text: "Only one"),
        Refusal(
            identities: [Sample.userAssigned], query: "api-version=2018-02-01", headers: metadata,
            error: "invalid_request", text: "'resource' is required"),
        Refusal(
            identities: [Sample.userAssigned], query: "resource=x", headers: metadata, error: "invalid_request",
            text: "'api-version' is required"),
        Refusal(
            identities: [Sample.userAssigned], query: "api-version=1999-01-01&resource=x", headers: metadata,
            error: "invalid_request", text: "not supported"),
        Refusal(
            identities: [Sample.userAssigned], query: "api-version=2018-02-01&resource=https://a.example",
            headers: metadata, error: "invalid_resource", text: "AADSTS500011"),
    ]

    @Test(arguments: refusals)
    func `refuses with its own words`(_ refusal: Refusal) async throws {
        var tenant = Sample.tenant
        tenant.managedIdentities = refusal.identities
        try await Sample.withCloud(Configuration(tenant: tenant)) { cloud, client, _ in
            let reply = try await client.get(address(cloud, refusal.query), headers: refusal.headers)
            #expect(reply.status == 400)
            #expect(reply.json["error"]?.text == refusal.error)
            #expect(reply.json["error_description"]?.text?.contains(refusal.text) == true)
        }
    }

    @Test func `prefers the machine's own identity`() async throws {
        var tenant = Sample.tenant
        tenant.managedIdentities = [Sample.userAssigned, Sample.secondAssigned, Sample.systemAssigned]
        try await Sample.withCloud(Configuration(tenant: tenant)) { cloud, client, _ in
            let reply = try await client.get(address(cloud, Self.query), headers: Self.metadata)
            #expect(claims(reply.json["access_token"]?.text)?["oid"] == Sample.systemAssigned.objectID)
        }
    }

    @Test func `is not there when it is switched off`() async throws {
        var configuration = Configuration(tenant: Sample.tenant)
        configuration.managedIdentityHosts = []
        try await Sample.withCloud(configuration) { cloud, client, _ in
            let reply1 = try await client.get(address(cloud, Self.query), headers: Self.metadata)
            #expect(reply1.status == 404)
            #expect(cloud.environment(of: .imds).isEmpty)
            #expect(cloud.environment(of: .serviceFabric).isEmpty)
        }
    }
}
