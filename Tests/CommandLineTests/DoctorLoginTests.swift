import Foundation
import LocalEntra
import Testing
import TokenCredentials

@Suite struct `The command doctor, at a server that checks tokens` {
    private static let group = "7e57ab1e-0000-4000-8000-0000000000fe"
    private static let machine = LocalIdentity.systemAssigned(
        machine: "vm-1", clientID: "7e57ab1e-0000-4000-8000-0000000000b5",
        objectID: "7e57ab1e-0000-4000-8000-0000000000b6", groups: [group])
    private static let ada = LocalUser(
        objectID: "7e57ab1e-0000-4000-8000-0000000000e1", principalName: "ada@contoso.example",
        password: KnownSecret("correct horse"), groups: [group])
    private static let bob = LocalUser(
        objectID: "7e57ab1e-0000-4000-8000-0000000000e2", principalName: "bob@contoso.example",
        password: KnownSecret("battery staple"))

    private static func with(_ body: (Cloud) async throws -> Void) async throws {
        try await Cloud.with {
            $0.tenant.managedIdentities = [machine]
            $0.tenant.users = [ada, bob]
            $0.tenant.applications.append(
                LocalApplication(
                    clientID: "04b07795-8ddb-461a-bbee-02f9e1bf7b46", objectID: "7e57ab1e-0000-4000-8000-0000000000d2",
                    kind: .publicClient))
            $0.tenant.roles = [
                LocalRole("orders-batch", .service, objectID: "7e57ab1e-0000-4000-8000-0000000000c2"),
                LocalRole("vm-1", .service, objectID: machine.objectID),
                LocalRole("reporting", .service, objectID: machine.objectID),
                LocalRole("Order Readers", .group, objectID: group),
                LocalRole("ada@contoso.example", .user, objectID: ada.objectID),
                LocalRole("ada", .user, objectID: ada.objectID),
            ]
        } _: {
            try await body($0)
        }
    }

    private func doctor(
        _ cloud: Cloud, _ tool: Tool, as user: String, by token: Principal? = nil
    ) async throws -> Tool.Ending {
        var tool = tool
        if let token { tool.environment["PGPASSWORD"] = try cloud.local.issueToken(for: token) }
        tool.environment["PGSSLROOTCERT"] = cloud.scratch.path + "/ca.pem"
        return try await tool(
            "doctor",
            "host=srv.postgres.database.azure.com hostaddr=127.0.0.1 port=\(cloud.local.databasePort) dbname=orders "
                + "user='\(user)'")
    }

    @Test(arguments: ["vm-1", "reporting", "Order Readers"])
    func `says nothing against a login of a machine that the server lets in`(_ user: String) async throws {
        try await Self.with { cloud in
            let ending = try await doctor(cloud, cloud.tool, as: user)
            #expect(ending.status == 0)
            #expect(ending.lines.contains { $0.contains("logged in as \"\(user)\"") }, "\(ending.output)")
            #expect(ending.lines.allSatisfy { !$0.hasPrefix("warn") && !$0.hasPrefix("FAIL") }, "\(ending.output)")
        }
    }

    @Test func `says nothing against a login of an application that the server lets in`() async throws {
        try await Self.with { cloud in
            let ending = try await doctor(cloud, cloud.toolWithSecret, as: "orders-batch")
            #expect(ending.status == 0)
            #expect(ending.lines.contains { $0.contains("logged in as \"orders-batch\"") }, "\(ending.output)")
            #expect(ending.lines.allSatisfy { !$0.hasPrefix("warn") && !$0.hasPrefix("FAIL") }, "\(ending.output)")
        }
    }

    @Test func `takes a system-assigned identity for the role of its resource's name`() async throws {
        try await Self.with { cloud in
            let ending = try await cloud.tool(
                "doctor",
                "host=srv.postgres.database.azure.com hostaddr=127.0.0.1 port=\(cloud.local.databasePort) dbname=orders "
                    + "sslrootcert=\(cloud.scratch.path)/ca.pem")
            #expect(ending.status == 0, "\(ending.output)")
            #expect(ending.lines.contains { $0.contains("logged in as \"vm-1\"") }, "\(ending.output)")
        }
    }

    @Test(arguments: ["ada@contoso.example", "ada", "Order Readers"])
    func `says nothing against a person's login that the server lets in, beside the machine's own identity`(
        _ user: String
    ) async throws {
        try await Self.with { cloud in
            var tool = cloud.tool
            tool.environment["PASSGRES_CREDENTIALS"] = "environment"
            let ending = try await doctor(
                cloud, tool, as: user, by: .user(principalName: "ada@contoso.example"))
            #expect(ending.status == 0)
            #expect(ending.lines.contains { $0.contains("logged in as \"\(user)\"") }, "\(ending.output)")
            // What is left is that a variable hides the password file, and that no credential was needed.
            let concerns = ending.lines.filter { $0.hasPrefix("warn") || $0.hasPrefix("FAIL") }
            #expect(concerns.allSatisfy { $0.hasPrefix("warn  L09") || $0.hasPrefix("warn  E26") }, "\(ending.output)")
        }
    }

    /// Whose token, the user, and what has to come first.
    static let refused: [(Principal?, String, String)] = [
        (nil, "VM-1", "R03"), (nil, "vm-1@srv", "R03"), (nil, "orders-batch", "T09"), (nil, "nobody", "T09"),
        (nil, "ada@contoso.example", "T07"),
        (.user(principalName: "bob@contoso.example"), "Order Readers", "T08"),
        (.user(principalName: "ada@contoso.example"), "order readers", "R03"),
        (.user(principalName: "ada@contoso.example"), #"Order\\ Readers"#, "R03"),
        (.user(principalName: "ada@contoso.example"), "ada@contoso.example@srv", "R03"),
        (.user(principalName: "ada@contoso.example"), "Ada@contoso.example", "R03"),
        (.user(principalName: "bob@contoso.example"), "order readers", "T08"),
        (.user(principalName: "bob@contoso.example"), "alice@contoso.example", "T09"),
        (.user(principalName: "ada@contoso.example"), "vm-1", "T06"),
    ]

    @Test(arguments: refused)
    func `names the cause by the claims of the token, and takes nothing away`(
        _ owner: Principal?, _ user: String, _ code: String
    ) async throws {
        try await Self.with { cloud in
            let ending = try await doctor(cloud, cloud.tool, as: user, by: owner)
            #expect(ending.status == 1)
            #expect(ending.lines.first?.hasPrefix("FAIL  \(code) ") == true, "\(ending.output)")
            #expect(!ending.output.lowercased().contains("drop the role"), "\(ending.output)")
            #expect(!ending.output.contains("Append @"), "\(ending.output)")
        }
    }

    @Test func `names the service that no file defines, but not to others`() async throws {
        let tool = Tool(["PASSGRES_CREDENTIALS": "environment"])
        let ending = try await tool("doctor", "service=order-desk", "--offline")
        #expect(ending.lines.first?.hasPrefix("FAIL  L15") == true)
        #expect(ending.lines.first?.contains("\"order-desk\"") == true, "\(ending.output)")
        let redacted = try await tool("doctor", "service=order-desk", "--offline", "--redacted")
        #expect(!redacted.output.contains("order-desk"), "\(redacted.output)")
    }
}
