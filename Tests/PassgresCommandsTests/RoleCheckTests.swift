import CredentialTesting
import Testing
import TokenCredentials

@testable import PassgresCommands

@Suite struct `What an administrator sees` {
    static let rows = """
        role\u{1f}orders-api\u{1f}t
        role\u{1f}Orders-API\u{1f}f
        sync\u{1f}on
        mapping\u{1f}orders-api\u{1f}service\u{1f}AA
        mappings
        """

    @Test func `is read as psql prints it`() {
        let catalogue = RoleCatalogue(rows: Self.rows)
        #expect(catalogue.roles.map(\.name) == ["orders-api", "Orders-API"])
        #expect(catalogue.roles.map(\.mayLogIn) == [true, false])
        #expect(catalogue.mappings == [.init(role: "orders-api", kind: "service", objectID: "AA")])
        #expect(catalogue.synchronisesGroups)
    }

    @Test(arguments: ["", "\n\n", "role", "role\u{1f}", "\u{1f}\u{1f}\u{1f}", "mapping\u{1f}a\u{1f}b", "noise"])
    func `is nothing where psql prints something else`(rows: String) {
        let catalogue = RoleCatalogue(rows: rows)
        #expect(catalogue.roles.isEmpty && catalogue.mappings.isEmpty)
    }

    /// Rows, the claims of the token, and the code of the first finding.
    static let cases: [(String, [String: JSONValue], String?)] = [
        ("", [:], "R02"),
        ("role\u{1f}Orders-API\u{1f}t", [:], "R03"),
        ("role\u{1f}orders-api\u{1f}f", [:], "R13"),
        ("role\u{1f}orders-api\u{1f}t", [:], nil),
        ("role\u{1f}orders-api\u{1f}t\nmapping\u{1f}other\u{1f}user\u{1f}a", [:], "T09"),
        (
            "role\u{1f}orders-api\u{1f}t\nmapping\u{1f}orders-api\u{1f}service\u{1f}a",
            ["oid": .string("A"), "idtyp": .string("app")], nil
        ),
        ("role\u{1f}orders-api\u{1f}t\nmapping\u{1f}orders-api\u{1f}service\u{1f}a", ["oid": .string("a")], "T06"),
        (
            "role\u{1f}orders-api\u{1f}t\nmapping\u{1f}orders-api\u{1f}user\u{1f}a",
            ["oid": .string("a"), "idtyp": .string("app")], "T07"
        ),
        (
            "role\u{1f}orders-api\u{1f}t\nmapping\u{1f}orders-api\u{1f}user\u{1f}a",
            ["oid": .string("b"), "upn": .string("orders-api")], "R06"
        ),
        (
            "role\u{1f}orders-api\u{1f}t\nmapping\u{1f}orders-api\u{1f}user\u{1f}a",
            ["oid": .string("b"), "upn": .string("x")], "T09"
        ),
        (
            "role\u{1f}orders-api\u{1f}t\nmapping\u{1f}orders-api\u{1f}group\u{1f}g",
            ["oid": .string("b"), "groups": .array([.string("G")])], nil
        ),
        (
            "role\u{1f}orders-api\u{1f}t\nmapping\u{1f}orders-api\u{1f}group\u{1f}g",
            ["oid": .string("b"), "hasgroups": .bool(true)], "T08"
        ),
        (
            "role\u{1f}orders-api\u{1f}t\nmapping\u{1f}orders-api\u{1f}service\u{1f}a",
            ["oid": .string("a"), "appid": .string("c")], nil
        ),
        (
            "role\u{1f}orders-api\u{1f}t\nmapping\u{1f}orders-api\u{1f}group\u{1f}g",
            ["oid": .string("b"), "groups": .array([])], "T08"
        ),
        ("role\u{1f}orders-api\u{1f}t\nmapping\u{1f}orders-api\u{1f}group\u{1f}g", ["oid": .string("b")], "T08"),
    ]

    @Test(arguments: cases)
    func `is held against the token`(rows: String, claims: [String: JSONValue], code: String?) {
        let check = RoleCheck(catalogue: RoleCatalogue(rows: rows), user: "orders-api", token: TokenClaims(claims))
        #expect(check.findings().first?.code == code)
    }
}
