import Foundation
import LocalEntra
import Testing
import TokenCredentials

@Suite struct `passgres token` {
    @Test func `prints the token and nothing else`() async throws {
        try await Cloud.with { cloud in
            let ending = try await cloud.tool("token")
            #expect(ending.status == 0)
            #expect(ending.errors == "")
            let token = ending.output.dropLast()
            #expect(ending.output.hasSuffix("\n") && TokenClaims(token: String(token))?["oid"] != nil)
            #expect(cloud.identityRequests.count == 1)
            #expect(
                cloud.identityRequests.first?.query.first("resource") == "https://ossrdbms-aad.database.windows.net")
        }
    }

    @Test func `prints a document with the keys of the contract`() async throws {
        try await Cloud.with { cloud in
            let ending = try await cloud.tool("token", "--output", "json")
            guard case .object(let members)? = ending.output.json else { return #expect(Bool(false), "no JSON object") }
            #expect(
                Set(members.keys).isSuperset(of: [
                    "token", "expiresOn", "expiresOnEpoch", "refreshOnEpoch", "credential", "scopes", "tenant", "user",
                ]))
            #expect(members["credential"]?.text == "managed-identity")
            #expect(members["tenant"]?.text == Cloud.tenant)
            #expect(members["user"]?.text == "orders-api")
            #expect(members["refreshOnEpoch"] == .null)
            #expect(members["scopes"] == .array([.string("https://ossrdbms-aad.database.windows.net/.default")]))
            let expiry = try #require(members["expiresOnEpoch"]?.integer)
            #expect(abs(Double(expiry) - Date().timeIntervalSince1970 - 3600) < 60)
            #expect(members["expiresOn"]?.text == Date(timeIntervalSince1970: Double(expiry)).ISO8601Format())
        }
    }

    @Test(arguments: ["UTC", "America/New_York", "Asia/Kolkata"])
    func `prints what az prints, in local time`(zone: String) async throws {
        try await Cloud.with { cloud in
            var tool = cloud.tool
            tool.environment["TZ"] = zone
            let document = try #require(try await tool("token", "--output", "azure-cli").output.json)
            #expect(document["accessToken"]?.text != nil)
            #expect(document["tokenType"]?.text == "Bearer")
            let expiry = try #require(document["expires_on"]?.integer)
            let format = DateFormatter()
            format.locale = Locale(identifier: "en_US_POSIX")
            format.timeZone = TimeZone(identifier: zone)
            format.dateFormat = "yyyy-MM-dd HH:mm:ss.SSSSSS"
            #expect(document["expiresOn"]?.text == format.string(from: Date(timeIntervalSince1970: Double(expiry))))
        }
    }

    @Test func `uses a client secret before anything else`() async throws {
        try await Cloud.with { cloud in
            let ending = try await cloud.toolWithSecret("token", "--output", "json")
            #expect(ending.output.json?["credential"]?.text == "environment")
            #expect(cloud.local.requests(to: .token).count == 1)
            #expect(cloud.local.requests(to: .imds).isEmpty)
        }
    }

    @Test(arguments: [
        ("host=srv.postgres.database.chinacloudapi.cn", "https://ossrdbms-aad.database.chinacloudapi.cn"),
        ("postgresql://srv.postgres.database.usgovcloudapi.net/d", "https://ossrdbms-aad.database.usgovcloudapi.net"),
        ("host=localhost", "https://ossrdbms-aad.database.windows.net"),
    ])
    func `asks for what the server's cloud accepts`(connection: String, resource: String) async throws {
        try await Cloud.with { cloud in
            let ended = try await cloud.tool("token", connection).status
            #expect(ended == 0)
            #expect(cloud.identityRequests.first?.query.first("resource") == resource)
        }
    }

    @Test func `asks for the identity that is named`() async throws {
        try await Cloud.with { cloud in
            let identity = "7e57ab1e-0000-4000-8000-0000000000b1"
            let ended = try await cloud.tool("token", "--client-id", identity).status
            #expect(ended == 0)
            #expect(cloud.identityRequests.first?.query.first("client_id") == identity)
        }
    }
}
