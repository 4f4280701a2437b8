extension RetryPolicy {
    /// For token endpoints: three more attempts, 0.8, 2.4 and 5.6 seconds apart, each between 0.8 and 1.3 times that.
    ///
    /// After 408, 429, 500, 502, 503, 504 and where there was no connection.
    public static let tokenEndpoint = exponential(
        [.status(408), .status(429), .status(500), .statuses(502...504), .noConnection])

    /// For the instance metadata service, once it is known to be there.
    ///
    /// Four more attempts that end about half a minute after the first, for 404, 429 and all of 5xx; for 410, which
    /// means a service that is back within 70 seconds, four that go on beyond that. No failure of the connection is
    /// answered with another attempt, since that is how a machine without the service looks.
    public static let instanceMetadata = RetryPolicy(
        [
            Rule([.status(410)], delays: [.seconds(5), .seconds(10), .seconds(20), .seconds(40)]),
            Rule(
                [.status(404), .status(429), .statuses(500...599)],
                delays: [.seconds(2), .seconds(4), .seconds(8), .seconds(16)]),
        ],
        jitter: { .random(in: 1...1.2) })

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
