import Foundation
import LocalEntra
import Testing

@Suite(.timeLimit(.minutes(5))) struct `A managed identity that is named` {
    static let assigned = LocalIdentity.userAssigned(
        named: "orders-api", clientID: "7e57ab1e-0000-4000-8000-0000000000b1",
        objectID: "7e57ab1e-0000-4000-8000-0000000000b2")
    static let other = LocalIdentity.userAssigned(
        named: "orders-batch", clientID: "7e57ab1e-0000-4000-8000-0000000000e1",
        objectID: "7e57ab1e-0000-4000-8000-0000000000e2")

    private func withCloud(
        hosts: Set<Endpoint> = [.imds], _ body: (Cloud, Tool) async throws -> Void
    ) async throws {
        try await Cloud.with {
            $0.tenant.managedIdentities = [Self.assigned, Self.other]
            $0.tenant.users = [
                LocalUser(
                    objectID: "7e57ab1e-0000-4000-8000-0000000000d1", principalName: "ada@contoso.example",
                    password: KnownSecret("ada's"))
            ]
            $0.managedIdentityHosts = hosts
        } _: { cloud in
            var tool = cloud.tool
            tool.environment["PASSGRES_CREDENTIALS"] = "managed-identity"
            try await body(cloud, tool)
        }
    }

    static let names: [([String], [String: String])] = [
        (["--identity", assigned.clientID], [:]),
        (["--identity", "object:" + assigned.objectID], [:]),
        (["--identity", assigned.resourceID], [:]),
        (["--client-id", assigned.clientID], [:]),
        (["--client-id", assigned.resourceID], [:]),
        ([], ["PASSGRES_MANAGED_IDENTITY": assigned.clientID]),
        ([], ["PASSGRES_MANAGED_IDENTITY": "OBJECT:" + assigned.objectID]),
        ([], ["PASSGRES_MANAGED_IDENTITY": assigned.resourceID.uppercased()]),
        ([], ["AZURE_CLIENT_ID": assigned.resourceID]),
        // An option before a variable, and the identity before the application.
        (["--identity", assigned.clientID], ["PASSGRES_MANAGED_IDENTITY": other.clientID]),
        (["--identity", assigned.clientID, "--client-id", other.clientID], [:]),
        ([], ["PASSGRES_MANAGED_IDENTITY": assigned.clientID, "AZURE_CLIENT_ID": other.clientID]),
    ]

    @Test(arguments: names)
    func `is the one whose token comes`(options: [String], variables: [String: String]) async throws {
        try await withCloud { cloud, tool in
            var tool = tool
            tool.environment.merge(variables) { $1 }
            let ending = try await tool.run(["explain", "--output", "json"] + options)
            #expect(ending.status == 0, "\(ending.errors)")
            #expect(ending.output.contains(Self.assigned.objectID))
            #expect(!ending.output.contains(Self.other.objectID))
        }
    }

    static let absent = "7e57ab1e-0000-4000-8000-0000000000ff"
    static let origins: [([String], [String: String], String)] = [
        (["--identity", absent], [:], "--identity"), (["--client-id", absent], [:], "--client-id"),
        (["--identity", "object:" + absent], [:], "--identity"),
        ([], ["PASSGRES_MANAGED_IDENTITY": absent], "PASSGRES_MANAGED_IDENTITY"),
        ([], ["AZURE_CLIENT_ID": absent], "AZURE_CLIENT_ID"),
    ]

    @Test(arguments: origins)
    func `and is not there is told from where its name came`(
        options: [String], variables: [String: String], origin: String
    ) async throws {
        try await withCloud { _, tool in
            var tool = tool
            tool.environment.merge(variables) { $1 }
            // In a list, so that nobody waits for an identity that is still to be assigned.
            tool.environment["PASSGRES_CREDENTIALS"] = "environment,managed-identity"
            let ending = try await tool.run(["token"] + options)
            #expect(ending.status == 69)
            let lines = ending.errors.split(separator: "\n").filter { $0.contains("managed-identity") }
            #expect(lines.contains { $0.contains("the id came from \(origin)") }, "\(ending.errors)")
        }
    }

    @Test(arguments: ["", "object:", "my identity", "/subscriptions/a b", "object:/subscriptions/a"])
    func `and cannot be one is told before anybody is asked`(id: String) async throws {
        let option = try await Tool(["PASSGRES_CREDENTIALS": "managed-identity"]).run(["token", "--identity", id])
        #expect(option.status == 64)
        #expect(option.errors.contains("--identity"))
        guard !id.isEmpty else { return }
        let variable = try await Tool([
            "PASSGRES_CREDENTIALS": "managed-identity", "PASSGRES_MANAGED_IDENTITY": id,
        ]).run(["token"])
        #expect(variable.status == 78)
        #expect(variable.errors.contains("PASSGRES_MANAGED_IDENTITY"))
    }

    static let refusing: [(Endpoint, [String], [String: String])] = [
        (.cloudShell, ["--client-id", assigned.clientID], [:]),
        (.cloudShell, ["--identity", assigned.clientID], [:]),
        (.cloudShell, ["--client-id", assigned.resourceID], [:]),
        (.cloudShell, [], ["PASSGRES_MANAGED_IDENTITY": assigned.clientID]),
        // Alone in the list, the variable can mean nobody else.
        (.cloudShell, [], ["AZURE_CLIENT_ID": assigned.clientID]),
        (.serviceFabric, ["--client-id", assigned.clientID], [:]),
        (.serviceFabric, ["--identity", "object:" + assigned.objectID], [:]),
        (.machineLearning, ["--identity", "object:" + assigned.objectID], [:]),
        (.machineLearning, ["--identity", assigned.resourceID], [:]),
    ]

    @Test(arguments: refusing)
    func `is refused by a host that cannot give it`(
        host: Endpoint, options: [String], variables: [String: String]
    ) async throws {
        try await withCloud(hosts: [host]) { cloud, tool in
            var tool = tool
            tool.environment["AZURE_POD_IDENTITY_AUTHORITY_HOST"] = nil
            tool.environment.merge(cloud.local.environment(of: host)) { $1 }
            tool.environment.merge(variables) { $1 }
            let ending = try await tool.run(["token"] + options)
            #expect(ending.status == 78, "\(ending.errors)")
            #expect(ending.output == "")
            #expect(ending.errors.contains("cannot be asked for"))
            #expect(ending.errors.contains(options.first ?? variables.keys.first ?? ""), "\(ending.errors)")
            #expect(cloud.local.requests(to: host).isEmpty)
        }
    }
}
