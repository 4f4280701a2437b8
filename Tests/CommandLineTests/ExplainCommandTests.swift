import Foundation
import LocalEntra
import Testing
import TokenCredentials

@Suite struct `passgres explain` {
    @Test func `has a line for every credential, then the claims, and no token`() async throws {
        try await Cloud.with { cloud in
            let ending = try await cloud.tool("explain")
            #expect(ending.status == 0)
            #expect(ending.lines[0].hasPrefix("environment "))
            #expect(ending.lines.contains { $0.hasPrefix("managed-identity ") && $0.contains("token") })
            #expect(ending.lines.contains { $0.hasPrefix("azure-cli ") && $0.contains("not-asked") })
            #expect(ending.output.contains("  oid: 7e57ab1e-0000-4000-8000-0000000000b2\n"))
            #expect(ending.lines.contains("user: orders-api, because the token's claim xms_mirid names it"))
            #expect(!ending.output.contains("eyJ"))
            let said = try await cloud.tool("explain", "host=srv.postgres.database.azure.com user=Ann")
            #expect(said.lines.contains("user: Ann, because it was said"))
            let single = try await cloud.tool("explain", "--server", "single", "host=srv.postgres.database.azure.com")
            #expect(single.lines.contains("user: orders-api@srv, because the token's claim xms_mirid names it"))
        }
    }

    @Test func `prints a document with the keys of the contract`() async throws {
        try await Cloud.with { cloud in
            let ending = try await cloud.tool("explain", "--output", "json")
            let document = try #require(ending.output.json)
            guard case .array(let attempts)? = document["attempts"] else { return #expect(Bool(false), "no attempts") }
            #expect(attempts.first?["name"]?.text == "environment")
            #expect(attempts.first?["outcome"]?.text == "unavailable")
            #expect(attempts.first?["problem"]?.text != nil && attempts.first?["remedy"]?.text != nil)
            #expect(attempts.first?["milliseconds"]?.integer != nil)
            #expect(attempts.last?["outcome"]?.text == "not-asked" && attempts.last?["milliseconds"] == .null)
            #expect(document["selected"]?.text == "managed-identity")
            #expect(document["token"]?["bytes"]?.integer ?? 0 > 1000)
            #expect(document["token"]?["user"]?.text == "orders-api")
            #expect(document["token"]?["userReason"]?.text == "the token's claim xms_mirid names it")
            #expect(document["token"]?["claims"]?["tid"]?.text == Cloud.tenant)
            #expect(!ending.output.contains("eyJ"))
        }
    }

    @Test func `ends as the others do where there is no token`() async throws {
        let ending = try await Tool(["PATH": "/nonexistent"])("explain", "--output", "json")
        #expect(ending.status == 69)
        #expect(ending.output.json?["selected"] == .null && ending.output.json?["token"] == .null)
    }
}

@Suite struct `passgres explain, where nothing is configured` {
    /// What is asked by default and needs no person; a desktop's secret store may stand among them.
    private static let names = [
        "environment", "workload-identity", "managed-identity", "azure-cli", "azure-developer-cli",
        "azure-powershell",
    ]

    @Test func `lists every credential with what was found and what to do`() async throws {
        let tool = Tool(["PATH": "/nonexistent"])
        let document = try #require(try await tool("explain", "--output", "json").output.json)
        guard case .array(let attempts)? = document["attempts"] else { return #expect(Bool(false), "no attempts") }
        #expect(attempts.compactMap { $0["name"]?.text }.filter { $0 != "secret-store" } == Self.names)
        for attempt in attempts {
            #expect(attempt["outcome"]?.text == "unavailable")
            #expect(attempt["problem"]?.text != nil && attempt["remedy"]?.text != nil)
        }
        #expect(attempts.allSatisfy { ($0["milliseconds"]?.integer ?? -1) >= 0 })

        let lines = try await tool("explain").lines
        let found = Self.names.map { name in lines.first { $0.hasPrefix(name + " ") } ?? "" }
        for (line, evidence) in zip(
            found,
            [
                "AZURE_CLIENT_SECRET", "AZURE_FEDERATED_TOKEN_FILE", "127.0.0.1:1", "(az)", "(azd)", "(pwsh)",
            ])
        {
            #expect(line.contains("unavailable") && line.contains(evidence), "\(line)")
        }
    }

    @Test func `lists what failed, and does not ask those after it`() async throws {
        let tool = Tool(["PATH": "/nonexistent", "AZURE_CLIENT_SECRET": "hush-secret"])
        let ending = try await tool("explain", "--output", "json")
        guard case .array(let attempts)? = ending.output.json?["attempts"] else {
            return #expect(Bool(false), "no attempts")
        }
        #expect(ending.status == 78)
        #expect(attempts.first?["outcome"]?.text == "failed")
        #expect(attempts.first?["problem"]?.text?.contains("AZURE_TENANT_ID") == true)
        #expect(attempts.dropFirst().allSatisfy { $0["outcome"]?.text == "not-asked" })
        #expect(!(ending.output + ending.errors).contains("hush-secret"))
    }
}

@Suite struct `passgres credentials` {
    @Test func `lists every name and what configures it, and asks nobody`() async throws {
        try await Cloud.with { cloud in
            let ending = try await cloud.toolWithSecret("credentials", "--output", "json")
            guard case .array(let rows)? = ending.output.json?["credentials"] else {
                return #expect(Bool(false), "no list")
            }
            #expect(
                rows.prefix(3).compactMap { $0["name"]?.text } == [
                    "environment", "workload-identity", "secret-store",
                ])
            #expect(rows.first?["configured"] == .bool(true))
            #expect(rows.first?["by"]?.text?.contains("AZURE_CLIENT_SECRET") == true)
            #expect(cloud.local.requests.isEmpty)
            #expect(!ending.output.contains(Cloud.secret))
        }
    }
}
