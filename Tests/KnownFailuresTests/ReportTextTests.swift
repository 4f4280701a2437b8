import Testing

@testable import KnownFailures

@Suite struct `A report` {
    private static let token = "eyJhbGciOiJSUzI1NiJ9.eyJhdWQiOiJodHRwczovL2RiIn0.c2lnbmF0dXJlLXNpZ25hdHVyZQ"

    @Test(arguments: [
        "FATAL: The access token has expired \(token)", "\(token) The access token has expired",
        "password=hunter2x The access token has expired",
        "postgresql://ada:hunter2x@db1/orders The access token has expired",
        "{\"access_token\": \"hunter2x-\(token)\", \"e\": \"The access token has expired\"}",
        "PGPASSWORD='hunter2x y' psql: The access token has expired",
        "client_secret=hunter2x&a=b access token has expired",
        "Authorization: Bearer hunter2xhunter2x access token has expired",
        "0.AXoAhunter2x\(String(repeating: "aB3_", count: 40)) The access token has expired",
    ])
    func `is quoted without secrets`(_ text: String) throws {
        let match = try #require(FailureTable.matches(in: text).first)
        for shown in [match.excerpt, match.cause(), match.remedy(), "\(match.values)"] {
            #expect(!shown.contains("hunter2x"), "\(shown)")
            #expect(!shown.contains("eyJ"), "\(shown)")
            #expect(!shown.contains("c2lnbmF0dXJl"), "\(shown)")
        }
        #expect(match.excerpt.contains("<masked>"))
        #expect(match.excerpt.contains("ccess token has expired"))
    }

    @Test(arguments: [40, 48, 60, 76], ["\n", "\r\n", "\n    ", " \n\t", " \t\r\n  "])
    func `is quoted without the end of a token that was wrapped`(_ width: Int, _ lineEnd: String) throws {
        let letters = Array("aB3dE6gH9jK2mN5pQ8sT1vW4yZ7")
        let token = "eyJ" + String((0..<1_000).map { letters[($0 * $0 + $0 / 27) % letters.count] })
        let lines = stride(from: 0, to: token.count, by: width).map { token.dropFirst($0).prefix(width) }
        for cut in [9, width - 1] {
            let wrapped = (lines.dropLast() + [lines[0].suffix(cut)]).joined(separator: lineEnd)
            let match = try #require(FailureTable.matches(in: "\(wrapped) FATAL: The access token has expired").first)
            #expect(match.excerpt == "<masked> FATAL: The access token has expired")
        }
    }

    @Test func `gives no value that is a secret`() throws {
        let match = try #require(FailureTable.matches(in: "role \"\(Self.token)\" does not exist").first)
        #expect(match.failure.code == "R02")
        #expect(match.values.isEmpty)
        #expect(!match.excerpt.contains("eyJ"))
    }

    @Test(
        arguments: [
            (
                "psql:/x/role.sql:2: ERROR:  function pg_catalog.pgaadauth_create_principal(unknown, boolean) does not exist",
                "A03"
            ),
            ("psql:/x/role.sql:9: ERROR:  role \"orders-api\" does not exist", "R02"),
            ("the role of db1 is a table that does not exist", nil),
        ] as [(String, String?)])
    func `takes for a name only what stands where a name stands`(_ text: String, _ code: String?) {
        let match = FailureTable.matches(in: text).first
        #expect(match?.failure.code == code)
        #expect(match?.values[.user] == (code == "R02" ? "orders-api" : nil))
    }

    @Test func `may be UTF-16`() {
        let bytes: [UInt8] = [0xFF, 0xFE] + "access token has expired".utf8.flatMap { byte -> [UInt8] in [byte, 0] }
        #expect(FailureTable.matches(in: bytes).first?.failure.code == "T01")
    }

    @Test func `may be binary`() throws {
        var bytes = (0..<100_000).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 13) }
        bytes += Array("\u{1b}[31mrole \u{7}\"".utf8) + [0xC3, 0x28, 0, 0xFF] + Array("\" does not exist".utf8)
        let match = try #require(FailureTable.matches(in: bytes).first { $0.failure.code == "R02" })
        #expect(!match.excerpt.unicodeScalars.contains { $0.value < 32 })
        #expect(!match.remedy().unicodeScalars.contains { $0.value < 32 })
    }

    @Test(arguments: [
        ("role \"", 10_000_000), ("aadsts", 1_000_000), ("no pg_hba.conf entry\n", 1_000_000),
        ("password=", 1_000_000), ("eyJ", 1_000_000),
    ])
    func `of megabytes ends in bounded time`(_ piece: (text: String, bytes: Int)) {
        let text =
            String(repeating: piece.text, count: piece.bytes / piece.text.utf8.count) + " access token has expired"
        var matches: [FailureMatch] = []
        let time = ContinuousClock().measure { matches = FailureTable.matches(in: text) }
        #expect(matches.contains { $0.failure.code == "T01" })
        #expect(time < .seconds(30))
    }

    @Test func `survives every prefix and every changed byte of each sample`() {
        for sample in Samples.reports {
            let bytes = Array(sample.text.utf8)
            for end in stride(from: 0, to: bytes.count, by: 3) { _ = FailureTable.matches(in: Array(bytes[..<end])) }
            for index in stride(from: 0, to: bytes.count, by: 7) {
                var changed = bytes
                changed[index] = [0, 0x22, 0x5B, 0xFF, 0x0A][index % 5]
                _ = FailureTable.matches(in: changed)
            }
        }
    }
}
