/// The table of known failures.
package enum FailureTable {
    /// A part of the table, whose codes begin with the same letter.
    package struct Series: Sendable {
        package let letter: Character
        package let title: String
        package let failures: [Failure]
    }

    /// The parts, in the order of the page.
    package static let series: [Series] = [
        Series(letter: "T", title: "The server refuses the token", failures: tokens),
        Series(letter: "R", title: "The server refuses the role, the database or the session", failures: roles),
        Series(letter: "P", title: "PgBouncer", failures: poolers),
        Series(letter: "L", title: "libpq, its files and its variables", failures: clients),
        Series(letter: "N", title: "The network and TLS", failures: networks),
        Series(letter: "E", title: "Entra, when it is asked for a token", failures: entra),
        Series(letter: "I", title: "Managed identity", failures: identities),
        Series(letter: "C", title: "The Azure CLI", failures: tools),
        Series(letter: "K", title: "The desktop's secret store", failures: keyrings),
        Series(letter: "A", title: "Administration by SQL", failures: administration),
        Series(letter: "X", title: "Other clouds and other methods", failures: others),
    ]

    /// Every failure, in the order of the page.
    package static let failures: [Failure] = series.flatMap(\.failures)

    private static let index = AnchorIndex(failures.flatMap { $0.patterns + $0.vaguePatterns })
    private static let byCode = Dictionary(failures.map { ($0.code, $0) }) { first, _ in first }
    private static let numbers = Dictionary(failures.enumerated().map { ($1.code, $0) }) { first, _ in first }

    /// What a state means where no text says more.
    private static let bySQLState = [
        "08P01": "P03", "28000": "R01", "28P01": "R01", "3D000": "R10", "42501": "R15", "53300": "R11", "57P01": "R12",
        "57P03": "R12", "57P05": "R18",
    ]

    /// The failure of that code, in capitals or not.
    package static func failure(_ code: String) -> Failure? { byCode[code.uppercased()] }

    /// The failures that a report tells of, the likeliest cause first; each once.
    ///
    /// A report that is nothing but a code stands for that failure. The SQLSTATE decides only where no text does. Takes
    /// time in proportion to the report, whatever is in it.
    package static func matches(in report: [UInt8], sqlState: String? = nil) -> [FailureMatch] {
        let text = ReportText(report)
        if let code = text.onlyWord, let failure = failure(code) {
            return [FailureMatch(failure, text, Finding(range: 0..<text.bytes.count), isAlone: true)]
        }
        let all = findings(in: text)
        let found = zip(failures, all).compactMap { failure, findings in
            findings.min { Self.isBetter($0, $1) }.map { (failure, $0) }
        }
        let sorted = found.sorted { Self.rank($0) < Self.rank($1) }
            // Where one text says all that another does and more, the other says nothing of its own.
            .filter { candidate in
                !zip(failures, all).contains { other, findings in
                    other.code != candidate.0.code
                        && findings.contains {
                            $0.weighsMore(than: candidate.1) && $0.range.contains(candidate.1.range)
                        }
                }
            }
        let hasCause = sorted.contains { $0.0.weight < .consequence }
        let matches = sorted.map { failure, finding in
            FailureMatch(failure, text, finding, isAlone: failure.weight < .consequence || !hasCause)
        }
        if matches.isEmpty, let sqlState, let failure = bySQLState[sqlState].flatMap(failure) {
            return [FailureMatch(failure, text, Finding(range: 0..<0), isAlone: true)]
        }
        return matches
    }

    /// Where the texts of each failure stand.
    private static func findings(in text: ReportText) -> [[Finding]] {
        let places = text.places(of: index)
        var all = [[Finding]](repeating: [], count: failures.count)
        for (number, failure) in failures.enumerated() {
            for (pattern, isVague) in failure.patterns.map({ ($0, false) }) + failure.vaguePatterns.map({ ($0, true) })
            {
                guard let found = index.number(of: pattern).map({ places[$0] }), !found.isEmpty else { continue }
                if !failure.elsewhere.isEmpty {
                    for (host, finding) in text.firstOfEach(pattern, at: found) {
                        let code = host.flatMap { failure.elsewhere[$0] }
                        all[code.flatMap { numbers[$0] } ?? number].append(finding)
                    }
                } else if var finding = text.first(pattern, at: found) {
                    let isNumber = pattern.source.hasPrefix("AADSTS")
                    finding.kind = isNumber ? (isVague ? .wrapper : .number) : isVague ? .word : .text
                    all[number].append(finding)
                }
            }
        }
        return withoutVague(all)
    }

    /// Without what says no more than that Entra refused, where a number says why.
    private static func withoutVague(_ all: [[Finding]]) -> [[Finding]] {
        let joined = all.joined()
        let wrappers = Set(joined.filter { $0.kind == .wrapper }.map(\.range.lowerBound))
        let isNumberThere = joined.contains { $0.kind == .number && !wrappers.contains($0.range.lowerBound) }
        guard isNumberThere || !wrappers.isEmpty else { return all }
        return all.map { findings in
            findings.filter { $0.kind != .word && !(isNumberThere && wrappers.contains($0.range.lowerBound)) }
        }
    }

    private static func rank(_ found: (Failure, Finding)) -> (Failure.Weight, Int, Int) {
        (found.0.weight, found.1.range.lowerBound, -found.1.literalCount)
    }

    /// A place with values, else the earlier place; of the same place the pattern that says more.
    private static func isBetter(_ left: Finding, _ right: Finding) -> Bool {
        (left.values.isEmpty ? 1 : 0, left.range.lowerBound, -left.values.count, -left.literalCount)
            < (right.values.isEmpty ? 1 : 0, right.range.lowerBound, -right.values.count, -right.literalCount)
    }

    /// The same for a text.
    package static func matches(in report: String, sqlState: String? = nil) -> [FailureMatch] {
        matches(in: Array(report.utf8), sqlState: sqlState)
    }
}
