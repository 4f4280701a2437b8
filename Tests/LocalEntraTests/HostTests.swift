import CredentialTesting
import FoundationEssentials
import Testing
import TokenCredentials

@testable import LocalEntra

@Suite struct `A managed identity host` {
    private static let resource = "resource=https%3A%2F%2Fossrdbms-aad.database.windows.net"

    /// A cloud of which every host is served, with a machine's identity and a user-assigned one.
    private func withHosts(_ body: (LocalCloud, LoopbackClient, String) async throws -> Void) async throws {
        let directory = FileManager.default.temporaryDirectory.path + "/local-entra-\(randomGUID())"
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        var tenant = Sample.tenant
        tenant.managedIdentities = [Sample.systemAssigned, Sample.userAssigned]
        var configuration = Configuration(tenant: tenant)
        configuration.arcKeyDirectory = directory
        try await Sample.withCloud(configuration) { cloud, client, _ in try await body(cloud, client, directory) }
    }

    @Test func `of App Service asks for its header and answers in both versions`() async throws {
        try await withHosts { cloud, client, _ in
            let variables = cloud.environment(of: .appService)
            let endpoint = try #require(variables["IDENTITY_ENDPOINT"])
            let key = try #require(variables["IDENTITY_HEADER"])
            let new = try await client.get(
                "\(endpoint)?api-version=2019-08-01&\(Self.resource)", headers: ["X-IDENTITY-HEADER": key])
            #expect(new.json["expires_on"] == .string("1700003600"))
            #expect(new.json["expires_in"] == nil)
            let byResource = try await client.get(
                "\(endpoint)?api-version=2019-08-01&\(Self.resource)&mi_res_id="
                    + LoopbackClient.encoded(Sample.userAssigned.resourceID), headers: ["X-IDENTITY-HEADER": key])
            #expect(claims(byResource.json["access_token"]?.text)?["oid"] == Sample.userAssigned.objectID)
            let old = try await client.get(
                "\(endpoint)?api-version=2017-09-01&\(Self.resource)", headers: ["secret": key])
            #expect(old.json["expires_on"] == .string("11/14/2023 23:13:20 +00:00"))
            let without = try await client.get("\(endpoint)?api-version=2019-08-01&\(Self.resource)")
            #expect(without.status == 401)
            let unknown = try await client.get(
                "\(endpoint)?api-version=2019-08-01&\(Self.resource)&client_id=x", headers: ["X-IDENTITY-HEADER": key])
            #expect(unknown.status == 400)
            #expect(unknown.json["statusCode"] == .number(400))
        }
    }

    @Test func `of Machine Learning gives the expiry as a number`() async throws {
        try await withHosts { cloud, client, _ in
            let variables = cloud.environment(of: .machineLearning)
            let endpoint = try #require(variables["MSI_ENDPOINT"])
            let address = "\(endpoint)?api-version=2017-09-01&\(Self.resource)&clientid=\(Sample.userAssigned.clientID)"
            let reply = try await client.get(address, headers: ["secret": try #require(variables["MSI_SECRET"])])
            #expect(reply.json["expires_on"] == .number(1_700_003_600))
            #expect(claims(reply.json["access_token"]?.text)?["oid"] == Sample.userAssigned.objectID)
            let wrong = try await client.get(address, headers: ["secret": "wrong"])
            #expect(wrong.status == 401)
        }
    }

    @Test func `of Cloud Shell speaks for the signed-in user`() async throws {
        try await withHosts { cloud, client, _ in
            let endpoint = try #require(cloud.environment(of: .cloudShell)["MSI_ENDPOINT"])
            let form = ["resource": Sample.resource]
            let reply = try await client.post(endpoint, form: form, headers: ["Metadata": "true"])
            #expect(claims(reply.json["access_token"]?.text)?["upn"] == "ada@contoso.example")
            let without = try await client.post(endpoint, form: form)
            #expect(without.json["error"]?["code"]?.text == "MissingMetadataHeader")
        }
    }

    @Test func `of Arc asks for the content of a file, once`() async throws {
        try await withHosts { cloud, client, directory in
            let endpoint = try #require(cloud.environment(of: .arc)["IDENTITY_ENDPOINT"])
            let address = "\(endpoint)?api-version=2020-06-01&\(Self.resource)"
            let challenge = try await client.get(address, headers: ["Metadata": "true"])
            #expect(challenge.status == 401)
            let line = try #require(challenge.headers["www-authenticate"])
            #expect(line.hasPrefix("Basic realm=\(directory)/"))
            #expect(line.hasSuffix(".key"))
            let path = String(line.dropFirst("Basic realm=".count))
            let key = try String(contentsOf: URL(filePath: path), encoding: .utf8)
            let headers = ["Metadata": "true", "Authorization": "Basic \(key)"]
            let reply = try await client.get(address + "&client_id=\(Sample.userAssigned.clientID)", headers: headers)
            #expect(reply.json["client_id"]?.text == Sample.userAssigned.clientID)
            let again = try await client.get(address, headers: headers)
            #expect(again.status == 401)
            #expect(try FileManager.default.contentsOfDirectory(atPath: directory).isEmpty)
        }
    }

    @Test func `of Service Fabric vouches for itself by thumbprint`() async throws {
        try await withHosts { cloud, client, _ in
            let variables = cloud.environment(of: .serviceFabric)
            #expect(variables["IDENTITY_SERVER_THUMBPRINT"]?.count == 40)
            let endpoint = try #require(variables["IDENTITY_ENDPOINT"])
            let address = "\(endpoint)?api-version=2019-07-01-preview&\(Self.resource)"
            let key = try #require(variables["IDENTITY_HEADER"])
            await #expect(throws: (any Error).self) { try await client.get(address, headers: ["Secret": key]) }
            var trusting = client
            trusting.thumbprint = variables["IDENTITY_SERVER_THUMBPRINT"]
            let reply = try await trusting.get(address, headers: ["Secret": key])
            #expect(reply.json["expires_on"] == .number(1_700_003_600))
            #expect(claims(reply.json["access_token"]?.text)?["oid"] == Sample.systemAssigned.objectID)
            let wrong = try await trusting.get(address, headers: ["Secret": "wrong"])
            #expect(wrong.json["error"]?["code"]?.text == "SecretHeaderNotFound")
            #expect(cloud.requests(to: .serviceFabric).count == 2)
        }
    }
}
