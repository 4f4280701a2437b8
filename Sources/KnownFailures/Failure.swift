/// One thing that goes wrong between a person and a database, and what to do about it.
package struct Failure: Sendable {
    /// How much a text of this failure says where it stands beside texts of others.
    package enum Weight: Int, Comparable, Sendable {
        /// It names the cause.
        case cause
        /// It says that something went wrong, and leaves open what.
        case symptom
        /// It follows from what another text says, and misleads whoever reads it alone.
        case consequence
        /// It says that a connection broke, which is how many a cause shows.
        case breakdown
        /// It says that one address was not reached, which is no matter where another answered.
        case attempt
        /// It says that something worked.
        case record

        package static func < (left: Weight, right: Weight) -> Bool { left.rawValue < right.rawValue }
    }

    /// What people quote: a letter for the series and a number, given once and never again.
    package let code: String
    /// What it is, in a few words.
    package let title: String
    /// The texts by which it shows, as short as they can be; none if only a check finds it.
    package let patterns: [FailurePattern]
    /// Texts that say so only where no number of Entra's says more: words of OAuth's, and the numbers that Entra puts
    /// round another.
    package let vaguePatterns: [FailurePattern]
    /// The code of the failure that the same texts stand for where they name a host of somebody else's.
    package let elsewhere: [NamedHost: String]
    /// The SQLSTATEs that come with it, where they are known.
    package let sqlStates: [String]
    package let weight: Weight
    /// Why it happens: a sentence or two.
    package let cause: FailureTemplate
    /// What to say of it in the place of the cause where another text of the same report names that.
    package let aside: FailureTemplate?
    /// What the reader can do: a sentence or two.
    package let remedy: FailureTemplate
    /// The checks of `passgres doctor` that confirm it.
    package let checks: [CheckName]

    init(
        _ code: String, _ title: String, seenAs patterns: [FailurePattern] = [],
        vaguelyAs vaguePatterns: [FailurePattern] = [], at elsewhere: [NamedHost: String] = [:],
        sqlStates: [String] = [], weight: Weight = .cause, cause: FailureTemplate, aside: FailureTemplate? = nil,
        remedy: FailureTemplate, checks: [CheckName] = []
    ) {
        self.code = code
        self.title = title
        self.patterns = patterns
        self.vaguePatterns = vaguePatterns
        self.elsewhere = elsewhere
        self.sqlStates = sqlStates
        self.weight = weight
        self.cause = cause
        self.aside = aside
        self.remedy = remedy
        self.checks = checks
    }
}
