public import TokenCredentials

/// When a keeper renews, tries again and looks after what it stored.
public struct KeeperPolicy: Hashable, Sendable {
    /// When a token is renewed while it is good; its ``RenewalPolicy/pause`` is the longest wait before another attempt.
    public var renewal: RenewalPolicy
    /// How often a keeper sees whether somebody changed what it stored.
    public var check: Duration
    /// The longest it sleeps at once: by so much a suspended machine or a clock that was set is noticed late.
    public var slice: Duration

    /// The policy for Microsoft Entra: checks every minute, and looks at the clock every fifteen seconds.
    public init(
        renewal: RenewalPolicy = RenewalPolicy(), check: Duration = .seconds(60), slice: Duration = .seconds(15)
    ) {
        self.renewal = renewal
        self.check = check
        self.slice = slice
    }

    /// How long to wait after that many failures in a row: a second, doubling up to the pause, and never more than an
    /// eighth of the life a token has; at least as long as the service asks.
    func wait(afterFailures failures: Int, life: Duration?, asked: Duration?, chance: Double) -> Duration {
        let longest = min(renewal.pause, life.map { max($0 / 8, .seconds(1)) } ?? renewal.pause)
        let doubled = Duration.seconds(1 << min(max(failures - 1, 0), 12))
        let wait = min(doubled, longest) * (1 - renewal.jitter * chance)
        return max(wait, asked ?? .zero)
    }

    /// How long a source may take over one attempt: a quarter of the life its token had, 3 to 90 seconds.
    ///
    /// Sources wait and try again by themselves, the longer the more often; for a short token that is too long.
    func patience(life: Duration?) -> Duration {
        min(max((life ?? .seconds(360)) / 4, .seconds(3)), .seconds(90))
    }

    /// How much later than it was due a renewal may come before the old password counts as stale.
    func grace(life: Duration) -> Duration { min(renewal.pause, max(life / 8, .seconds(1))) }
}
