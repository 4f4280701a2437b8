extension RetryPolicy {
    /// For token endpoints: three more attempts, 0.8, 2.4 and 5.6 seconds apart, each between 0.8 and 1.3 times that.
    ///
    /// After 408, 429, 500, 502, 503, 504, where there was no connection, and where the reply broke off.
    public static let tokenEndpoint = exponential(passing + [.brokenReply])

    /// The same for a request that may be answered only once, such as one with a code: not where the reply broke off,
    /// since the code may have been used up.
    public static let singleUse = exponential(passing)

    private static let passing: [Condition] = [
        .status(408), .status(429), .status(500), .statuses(502...504), .noConnection,
    ]

    /// One attempt and no other.
    public static let never = RetryPolicy([])

    /// Attempts after waits of 0.8 · (2ⁿ − 1) seconds, at most `longestWait` each, for the conditions given.
    public static func exponential(
        _ conditions: [Condition], retries: Int = 3, longestWait: Duration = .seconds(60), budget: Duration? = nil,
        jitter: @escaping @Sendable () -> Double = { .random(in: 0.8...1.3) }
    ) -> RetryPolicy {
        let delays = (0..<max(0, retries)).map { number in
            min(longestWait, .milliseconds(800) * ((1 << min(number + 1, 30)) - 1))
        }
        return RetryPolicy(
            [Rule(conditions, delays: delays)], longestWait: longestWait, budget: budget, jitter: jitter)
    }
}
