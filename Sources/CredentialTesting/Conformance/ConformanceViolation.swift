/// Something that a credential does not keep to. Its text holds no secret.
public struct ConformanceViolation: Hashable, Sendable {
    /// What credentials must keep to.
    @nonexhaustive
    public enum Rule: String, CaseIterable, Hashable, Sendable {
        /// The name is made of lower-case letters, digits and single hyphens, and is always the same.
        case name
        /// Where nothing is configured, the credential is unavailable, and says what it looked for.
        case absence
        /// Where everything is configured, there is a token that can be sent and has not ended.
        case token
        /// A token that has ended is an error.
        case expiry
        /// A call whose task is cancelled ends soon, as cancelled.
        case cancellation
        /// Many calls at the same time are all answered.
        case concurrency
        /// No secret stands in a description, a dump or an error.
        case secrecy
        /// Every call ends within the time given.
        case deadline
    }

    /// What was not kept to.
    public let rule: Rule
    /// What was found, as one sentence.
    public let finding: String

    /// Records a finding.
    public init(_ rule: Rule, _ finding: String) {
        self.rule = rule
        self.finding = finding
    }
}

extension ConformanceViolation: CustomStringConvertible {
    /// The rule and the finding.
    public var description: String { "\(rule.rawValue): \(finding)" }
}
