import TokenCredentials

/// What each credential of a chain answered, one line each.
struct AttemptTable {
    struct Row {
        let name: String
        /// One of `token`, `unavailable`, `failed` and `not-asked`, as the contract names them.
        let outcome: String
        let milliseconds: Int64?
        let problem: String?
        let remedy: String?
    }

    let rows: [Row]

    /// Takes the answers, and the names of those that were not asked.
    init(_ attempts: [CredentialAttempt], notAsked: [String] = []) {
        rows =
            attempts.map { attempt in
                let (outcome, diagnosis): (String, Diagnosis?) =
                    switch attempt.outcome {
                    case .success: ("token", nil)
                    case .failure(.unavailable(let diagnosis)): ("unavailable", diagnosis)
                    case .failure(.failed(let diagnosis)): ("failed", diagnosis)
                    case .failure(.cancelled): ("failed", "interrupted")
                    }
                return Row(
                    name: attempt.name, outcome: outcome, milliseconds: attempt.duration.milliseconds,
                    problem: diagnosis.map(Self.finding), remedy: diagnosis?.remedy)
            }
            + notAsked.map { Row(name: $0, outcome: "not-asked", milliseconds: nil, problem: nil, remedy: nil) }
    }

    /// Name, outcome, time, finding and remedy in columns.
    var lines: [String] {
        let width = rows.map(\.name.printable.count).max() ?? 0
        return rows.map { row in
            let time = row.milliseconds.map { "\($0) ms" } ?? "-"
            var line =
                row.name.printable.padded(to: width) + "  " + row.outcome.padded(to: 11) + "  "
                + time.padded(to: 8, on: .left)
            if let problem = row.problem { line += "  " + problem }
            if let remedy = row.remedy { line += "  -> " + remedy }
            return line
        }
    }

    static func finding(_ diagnosis: Diagnosis) -> String {
        var text = diagnosis.problem
        if !diagnosis.facts.isEmpty {
            text += " (" + diagnosis.facts.map { "\($0.name): \($0.value)" }.joined(separator: ", ") + ")"
        }
        return text
    }
}

extension String {
    enum Side { case left, right }

    /// The text with blanks beside it, to fill a column.
    func padded(to width: Int, on side: Side = .right) -> String {
        let blanks = String(repeating: " ", count: Swift.max(0, width - count))
        return side == .right ? self + blanks : blanks + self
    }
}
