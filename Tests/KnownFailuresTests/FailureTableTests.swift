import Testing

@testable import KnownFailures

@Suite struct `The table of failures` {
    @Test(arguments: Samples.reports)
    func `knows a report`(_ sample: (code: String, text: String)) {
        let matches = FailureTable.matches(in: sample.text)
        #expect(matches.first?.failure.code == sample.code, "\(matches.map(\.failure.code)) for \(sample.text)")
    }

    @Test(arguments: Samples.reports)
    func `knows it in capitals, and in a log`(_ sample: (code: String, text: String)) {
        let log = "2026-01-01 00:00:00 UTC [42] started\n" + sample.text.uppercased() + "\nthe end\n"
        #expect(FailureTable.matches(in: log).first?.failure.code == sample.code)
    }

    @Test func `has a sample for every row that has a text`() {
        let sampled = Set(Samples.reports.map(\.code))
        #expect(FailureTable.failures.filter { !$0.patterns.isEmpty && !sampled.contains($0.code) }.map(\.code) == [])
    }

    @Test(arguments: FailureTable.failures.map(\.code))
    func `finds a row by its code`(_ code: String) {
        let matches = FailureTable.matches(in: " \(code.lowercased())\n")
        #expect(matches.map(\.failure.code) == [code])
    }

    @Test func `covers every series`() {
        #expect(FailureTable.failures.count >= 60)
        #expect(FailureTable.series.map { String($0.letter) }.joined() == "TRPLNEICKAX")
        for series in FailureTable.series {
            let numbers = series.failures.map(\.code)
            #expect(numbers == series.failures.indices.map { "\(series.letter)" + ($0 < 9 ? "0" : "") + "\($0 + 1)" })
        }
    }

    @Test(arguments: FailureTable.failures.map(\.code))
    func `is written to be read`(_ code: String) throws {
        let failure = try #require(FailureTable.failure(code))
        #expect(!failure.title.hasSuffix("."))
        for sentence in [failure.cause, failure.remedy] + (failure.aside.map { [$0] } ?? []) {
            #expect(sentence.source.hasSuffix("."), "\(sentence.source)")
            #expect(sentence.source.count < 300, "\(sentence.source)")
            let braces = sentence.source.filter { $0 == "{" }.count
            #expect(sentence.filled([:]).contains("{") == false, "an unknown value among \(braces)")
        }
        for pattern in failure.patterns {
            #expect((pattern.anchor?.count ?? 0) >= AnchorIndex.keyLength, "\(pattern.source)")
            #expect(!pattern.shown.contains("{"), "\(pattern.source)")
        }
    }

    @Test func `takes values from the report before those of the circumstances`() throws {
        let match = try #require(
            FailureTable.matches(
                in: "Azure AD user token for role[orders_app] is neither an AAD_AUTH_TOKENTYPE_APP_USER"
            ).first)
        #expect(match.values == [.role: "orders_app"])
        #expect(match.cause(in: [.role: "other"]).contains("The role orders_app belongs to a person"))
        let unknown = try #require(FailureTable.matches(in: "is neither an AAD_AUTH_TOKENTYPE_APP_USER").first)
        #expect(unknown.cause(in: [.role: "other"]).contains("The role other belongs"))
        #expect(unknown.cause().contains("The role ROLE belongs"))
    }

    @Test func `puts what may be pasted into a shell in quotes`() throws {
        let match = try #require(
            FailureTable.matches(in: "password file \"/tmp/$(touch x); '\" has group or world access").first)
        #expect(match.remedy() == #"Run chmod 600 '/tmp/$(touch x); '\'''."#)
    }

    @Test func `explains libpq's second line away`() throws {
        let matches = FailureTable.matches(
            in: """
                psql: error: connection to server at "db1" (203.0.113.4), port 5432 failed: FATAL:  password \
                authentication failed for user "ada"
                connection to server at "db1" (203.0.113.4), port 5432 failed: FATAL:  no pg_hba.conf entry for host \
                "203.0.113.9", user "ada", database "orders", no encryption
                """)
        #expect(matches.map(\.failure.code) == ["R01", "R08"])
        #expect(matches.last?.cause().hasPrefix("Misleading") == true)
        let alone = FailureTable.matches(
            in: "no pg_hba.conf entry for host \"203.0.113.9\", user \"ada\", database \"orders\", no encryption")
        #expect(alone.first?.cause().hasPrefix("The connection came without TLS") == true)
    }

    @Test func `says a thing once`() {
        let matches = FailureTable.matches(in: "AADSTS700213: no. AADSTS700213: no. AADSTS700213: no.")
        #expect(matches.map(\.failure.code) == ["E03"])
    }

    @Test func `does not take one number for another`() {
        #expect(FailureTable.matches(in: "AADSTS700211234: new").map(\.failure.code) == ["E29"])
        #expect(FailureTable.matches(in: "code 128P01").isEmpty)
    }

    @Test(arguments: ["", "all is well", "T1", "T99", "role", "select 1", String(repeating: " ", count: 10_000)])
    func `leaves other texts alone`(_ text: String) {
        #expect(FailureTable.matches(in: text).isEmpty)
    }

    @Test func `falls back on the SQLSTATE`() {
        #expect(FailureTable.matches(in: "FATAL: etwas", sqlState: "3D000").first?.failure.code == "R10")
        #expect(FailureTable.matches(in: "FATAL: etwas", sqlState: "99999").isEmpty)
    }
}
