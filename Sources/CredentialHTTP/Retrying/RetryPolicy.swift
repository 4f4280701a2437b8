public import FoundationEssentials

/// Which outcomes of a request are worth another attempt, and how long to wait for each.
public struct RetryPolicy: Sendable {
    /// A kind of outcome.
    @nonexhaustive
    public enum Condition: Hashable, Sendable {
        /// One status.
        case status(Int)
        /// A range of statuses.
        case statuses(ClosedRange<Int>)
        /// No connection: nothing was sent.
        case noConnection
        /// A connection, and no whole reply in time.
        case timeout
        /// A reply that broke off or was no HTTP.
        case brokenReply

        /// Whether an outcome is of this kind.
        public func holds(for outcome: Result<HTTPResponse, HTTPTransportError>) -> Bool {
            switch (self, outcome) {
            case (.status(let status), .success(let response)): response.status == status
            case (.statuses(let range), .success(let response)): range.contains(response.status)
            case (.noConnection, .failure(.unknownHost)), (.noConnection, .failure(.unreachable)),
                (.noConnection, .failure(.proxy)), (.noConnection, .failure(.connectTimeout)):
                true
            case (.timeout, .failure(.timeout)), (.brokenReply, .failure(.brokenReply)): true
            default: false
            }
        }
    }

    /// The waits that some kinds of outcome are answered with.
    public struct Rule: Sendable {
        /// The outcomes it is for.
        public var conditions: [Condition]
        /// The wait before the second attempt, before the third, and so on; no attempt follows the last of them.
        public var delays: [Duration]

        /// Makes a rule for outcomes that meet any of the conditions.
        public init(_ conditions: [Condition], delays: [Duration]) {
            self.conditions = conditions
            self.delays = delays
        }

        /// The wait after an attempt, counted from 1; `nil` after the last.
        public func delay(afterAttempt attempt: Int) -> Duration? {
            delays.indices.contains(attempt - 1) ? delays[attempt - 1] : nil
        }
    }

    /// The rules; the first that has a condition for an outcome decides, and without one there is no other attempt.
    public var rules: [Rule]
    /// The longest wait a server may ask for; if it asks for more, its reply is returned at once.
    public var longestWait: Duration
    /// The time within which the last attempt has to begin, counted from the first; `nil` for no limit.
    public var budget: Duration?
    /// Multiplies the waits of the rules, so that processes that fail together do not come back together.
    public var jitter: @Sendable () -> Double

    /// Makes a policy.
    ///
    /// By default a server may ask for up to a minute, and waits are as the rules say.
    public init(
        _ rules: [Rule], longestWait: Duration = .seconds(60), budget: Duration? = nil,
        jitter: @escaping @Sendable () -> Double = { 1 }
    ) {
        self.rules = rules
        self.longestWait = longestWait
        self.budget = budget
        self.jitter = jitter
    }

    /// How long to wait after an attempt, counted from 1, before the next; `nil` if there is to be none.
    public func delay(
        afterAttempt attempt: Int, _ outcome: Result<HTTPResponse, HTTPTransportError>, now: Date
    ) -> Duration? {
        let rule = rules.first { rule in rule.conditions.contains { $0.holds(for: outcome) } }
        guard let delay = rule?.delay(afterAttempt: attempt) else { return nil }
        if case .success(let response) = outcome, let asked = response.retryAfter(now: now), asked > .zero {
            return asked <= longestWait ? asked : nil
        }
        return delay * jitter()
    }
}
