import Foundation
import LocalEntra
import TokenCredentials

/// A cloud with one machine identity and one application, and the variables that lead to it.
struct Cloud {
    static let tenant = "7e57ab1e-0000-4000-8000-000000000001"
    static let application = "7e57ab1e-0000-4000-8000-0000000000c1"
    static let secret = "s3cr+t~of/the=application"

    /// Made once: a key takes longer than all the rest of a start.
    private static let signingKey = Result { try LocalCloud.makeSigningKey() }

    let local: LocalCloud
    let scratch = Scratch()

    init(_ change: (inout Configuration) -> Void = { _ in }) async throws {
        var configuration = Configuration(
            tenant: LocalTenant(
                id: Self.tenant,
                applications: [
                    LocalApplication(
                        clientID: Self.application, objectID: "7e57ab1e-0000-4000-8000-0000000000c2",
                        name: "orders-batch",
                        secrets: [KnownSecret(Self.secret)])
                ],
                managedIdentities: [
                    .userAssigned(
                        named: "orders-api", clientID: "7e57ab1e-0000-4000-8000-0000000000b1",
                        objectID: "7e57ab1e-0000-4000-8000-0000000000b2")
                ]))
        configuration.signingKey = try Self.signingKey.get()
        change(&configuration)
        local = try await LocalCloud.start(configuration)
        try local.writeCA(to: scratch.path + "/ca.pem")
    }

    /// Runs a test with a cloud and ends the cloud afterwards.
    static func with<Result>(
        _ change: (inout Configuration) -> Void = { _ in }, _ body: (Cloud) async throws -> Result
    ) async throws -> Result {
        let cloud = try await Cloud(change)
        do {
            let result = try await body(cloud)
            try await cloud.local.shutdown()
            return result
        } catch {
            try await cloud.local.shutdown()
            throw error
        }
    }

    /// The tool on a machine with an identity.
    var tool: Tool {
        Tool([
            "AZURE_POD_IDENTITY_AUTHORITY_HOST": local.metadataAddress, "AZURE_AUTHORITY_HOST": local.authority,
            "SSL_CERT_FILE": scratch.path + "/ca.pem", "HOME": scratch.path, "XDG_RUNTIME_DIR": scratch.path,
        ])
    }

    /// The tool with a client secret in its environment.
    var toolWithSecret: Tool {
        var tool = tool
        tool.environment.merge([
            "AZURE_TENANT_ID": Self.tenant, "AZURE_CLIENT_ID": Self.application, "AZURE_CLIENT_SECRET": Self.secret,
        ]) { $1 }
        return tool
    }

    /// What `exec` has in its private place.
    var privateDirectories: [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: scratch.path + "/passgres-\(geteuid())")) ?? ["none"]
    }

    /// The requests for tokens that came to the machine's endpoint; the question whether it is there not counted.
    var identityRequests: [RecordedRequest] {
        local.requests(to: .imds).filter { $0.header("Metadata") != nil }
    }
}

extension String {
    /// The JSON document that the text is.
    var json: JSONValue? { try? JSONDecoder().decode(JSONValue.self, from: Data(utf8)) }
}
