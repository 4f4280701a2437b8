/// A failure that a report tells of.
package struct FailureMatch: Sendable {
    package let failure: Failure
    /// The place of the report that tells of it, on one line, without secrets.
    package let excerpt: String
    /// What the report says in the places of the pattern.
    package let values: [Placeholder: String]
    private let isAlone: Bool

    init(_ failure: Failure, _ text: ReportText, _ finding: Finding, isAlone: Bool) {
        self.failure = failure
        self.isAlone = isAlone
        excerpt = text.excerpt(around: finding.range)
        values = finding.values.compactMapValues { text.value(at: $0) }
    }

    /// Why it happened, with the values of the report and, where it has none, those of the circumstances.
    package func cause(in circumstances: [Placeholder: String] = [:]) -> String {
        (isAlone ? failure.cause : failure.aside ?? failure.cause).filled(circumstances.merging(values) { $1 })
    }

    /// What to do, with the same values.
    package func remedy(in circumstances: [Placeholder: String] = [:]) -> String {
        failure.remedy.filled(circumstances.merging(values) { $1 })
    }
}

/// Where a pattern was found, and where its values are.
struct Finding {
    var range: Range<Int>
    var values: [Placeholder: Range<Int>] = [:]
    /// How many bytes were looked for literally.
    var literalCount = 0
    var kind = Kind.text

    /// How particular a text of Entra's is.
    enum Kind: Int {
        /// A number that stands for one trouble.
        case number
        /// A number that Entra puts round another.
        case wrapper
        /// A word of OAuth's, which stands for many numbers.
        case word
        /// No such text.
        case text
    }

    func weighsMore(than other: Finding) -> Bool { literalCount > other.literalCount }
}
