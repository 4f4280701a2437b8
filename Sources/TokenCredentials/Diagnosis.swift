/// What went wrong, what to do about it, and what else was tried. None of its text ever holds a secret.
///
/// Each of its texts stands on one line, with a blank in the place of a line end, and what a terminal would take for a
/// command, such as an escape or a mark that turns the direction of writing round, is written as `\u001b`.
public struct Diagnosis: Sendable {
    /// What kind of trouble it is: who can end it, and how.
    @nonexhaustive
    public enum Kind: Sendable {
        /// What was configured contradicts itself, is incomplete or cannot be read. A person has to correct it.
        case misconfigured
        /// The identity service, or a person, said no.
        case refused
        /// Nobody said no: asking again later can help.
        case temporary
        /// A person has to sign in.
        case signInNeeded
    }

    /// One sentence: what was found.
    public var problem: String { didSet { problem = problem.onOneLine } }
    /// One sentence: what the reader can do.
    public var remedy: String? { didSet { remedy = remedy?.onOneLine } }
    /// The kind of trouble, where it is known.
    public var kind: Kind?
    /// How long to wait before asking again can help; `nil` if asking again will not help by itself.
    public var retryAfter: Duration?
    /// Further findings by name, for support: HTTP status, error code, correlation id.
    public var facts: [Fact]
    /// The error underneath, if there was one.
    public var cause: (any Error)?
    /// What each credential of a chain answered, in the order they were asked.
    public var attempts: [CredentialAttempt]

    /// A finding that a report prints as name and value.
    public struct Fact: Hashable, Sendable {
        /// What it is, in the words of whoever reports it, such as `"correlation id"`.
        public let name: String
        /// What was found.
        public let value: String

        /// Makes a finding.
        public init(_ name: String, _ value: String) {
            self.name = name.onOneLine
            self.value = value.onOneLine
        }
    }

    /// Makes a diagnosis; only the problem is needed.
    public init(
        _ problem: String, remedy: String? = nil, kind: Kind? = nil, retryAfter: Duration? = nil, facts: [Fact] = [],
        cause: (any Error)? = nil, attempts: [CredentialAttempt] = []
    ) {
        self.problem = problem.onOneLine
        self.remedy = remedy?.onOneLine
        self.kind = kind
        self.retryAfter = retryAfter
        self.facts = facts
        self.cause = cause
        self.attempts = attempts
    }
}

extension Diagnosis: ExpressibleByStringInterpolation {
    /// Makes a diagnosis of the problem alone.
    public init(stringLiteral problem: String) { self.init(problem) }
}

extension Diagnosis: CustomStringConvertible {
    /// The problem, the remedy, the facts, and then one line for each credential that was asked.
    public var description: String {
        var text = problem
        if let remedy { text += ". " + remedy }
        if !facts.isEmpty { text += " (" + facts.map { "\($0.name): \($0.value)" }.joined(separator: ", ") + ")" }
        for attempt in attempts { text += "\n  " + attempt.description }
        return text
    }
}
