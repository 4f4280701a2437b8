package import TokenCredentials

/// What an AADSTS number means and what to do about it.
///
/// Good for advice only: Microsoft may change the numbers.
package struct EntraErrorCode: Sendable {
    /// The number, without its prefix.
    package let number: Int
    /// The kind of trouble, for a person; an application cannot sign in and is refused instead.
    package let kind: Diagnosis.Kind
    /// What it means, with places to fill in: `{client}`, `{tenant}`, `{authority}`, `{scope}`, `{proof}`.
    package let problem: String
    /// What to do, with the same places.
    package let remedy: String

    init(_ number: Int, _ kind: Diagnosis.Kind, _ problem: String, _ remedy: String) {
        self.number = number
        self.kind = kind
        self.problem = problem
        self.remedy = remedy
    }

    /// The row of a number; `nil` for a number that is not known here.
    package init?(_ number: Int) {
        guard let row = Self.byNumber[number] else { return nil }
        self = row
    }

    /// Every row, one for each number.
    package static let known = applicationRows + assertionRows + userRows + consentRows + serviceRows + requestRows

    /// The numbers that say no more than that proof or grant was not accepted, and stand before the one that says why.
    static let wrappers: Set = [70000, 70002]

    private static let byNumber = Dictionary(known.map { ($0.number, $0) }) { first, _ in first }
}
