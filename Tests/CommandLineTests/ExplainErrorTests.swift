import Foundation
import Testing

@Suite struct `The command explain-error` {
    private let tool = Tool(["PGHOST": "db1.postgres.database.azure.com", "PGUSER": "ada@contoso.example"])

    @Test func `begins each match with its code, the best first`() async throws {
        let ending = try await tool(
            "explain-error",
            "FATAL: no pg_hba.conf entry for host \"203.0.113.9\", user \"ada\", database \"orders\", no encryption; "
                + "FATAL: The access token has expired. Acquire a new one")
        #expect(ending.status == 0)
        #expect(ending.errors == "")
        let codes = ending.output.split(separator: "\n\n").map { $0.prefix(3) }
        #expect(codes == ["T01", "R08"])
    }

    @Test func `fills in the reader's own values`() async throws {
        let ending = try await tool("explain-error", "r03")
        #expect(ending.output.contains("user=ada@contoso.example"))
    }

    @Test func `prints one JSON document`() async throws {
        let ending = try await tool("explain-error", "--output", "json", "FATAL: role \"orders-api\" does not exist")
        let object = try JSONSerialization.jsonObject(with: Data(ending.output.utf8)) as? [String: Any]
        let match = try #require((object?["matches"] as? [[String: Any]])?.first)
        #expect(match["code"] as? String == "R02")
        #expect(match["text"] as? String == "FATAL: role \"orders-api\" does not exist")
        #expect((match["cause"] as? String)?.contains("orders-api") == true)
        #expect((match["remedy"] as? String)?.contains("orders-api") == true)
    }

    @Test func `ends with 1 where nothing is known`() async throws {
        let text = try await tool("explain-error", "all is well")
        #expect(text.status == 1)
        #expect(text.output == "")
        let json = try await tool("explain-error", "all is well", "--output", "json")
        #expect(json.status == 1)
        let object = try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: [String]]
        #expect(object == ["matches": []])
    }

    @Test func `shows no secret of the text`() async throws {
        let token = "eyJhbGciOiJSUzI1NiJ9.eyJhdWQiOiJkYiJ9.c2lnbmF0dXJlLXNpZ25hdHVyZQ"
        for format in ["text", "json"] {
            let ending = try await tool(
                "explain-error", "--output", format, "psql \(token) password=hunter2x: The access token has expired")
            #expect(ending.status == 0)
            #expect(!(ending.output + ending.errors).contains("eyJ"))
            #expect(!(ending.output + ending.errors).contains("hunter2x"))
        }
    }
}
