public import FoundationEssentials

/// When a cache asks for a new token while the old one is still good.
public struct RenewalPolicy: Hashable, Sendable {
    /// How long before its end a token is renewed, at the latest; half its life where that is shorter.
    public var ahead: Duration
    /// The life from which on a token is renewed at half of it, unless its issuer named a time.
    public var longLife: Duration
    /// How long before its end a token counts as ended, to allow for clocks and the way to the server.
    public var skew: Duration
    /// The least time between two attempts to renew a token that is still good.
    public var pause: Duration
    /// By how much of the time left a renewal may come earlier, at random, so that many processes do not ask at once.
    public var jitter: Double

    /// The policy for Microsoft Entra: five minutes ahead, half-life from two hours on, thirty seconds of skew and of
    /// pause, a tenth of jitter.
    public init(
        ahead: Duration = .seconds(300), longLife: Duration = .seconds(7200), skew: Duration = .seconds(30),
        pause: Duration = .seconds(30), jitter: Double = 0.1
    ) {
        self.ahead = ahead
        self.longLife = longLife
        self.skew = skew
        self.pause = pause
        self.jitter = jitter
    }

    /// The time from which a token is to be renewed.
    ///
    /// The issuer's own wish goes first; a long life is halved; else the end less ``ahead``. `chance`, from 0 to 1,
    /// picks a point within ``jitter``.
    public func renewalDate(of token: AccessToken, obtainedAt: Date, chance: Double) -> Date {
        let life = token.expiresAt.timeIntervalSince(obtainedAt)
        guard life > 0 else { return obtainedAt }
        let wait =
            if let refreshAt = token.refreshAt, refreshAt < token.expiresAt {
                max(0, refreshAt.timeIntervalSince(obtainedAt))
            } else if life >= longLife.inSeconds {
                life / 2
            } else {
                life - min(ahead.inSeconds, life / 2)
            }
        return obtainedAt.addingTimeInterval(wait * (1 - jitter * chance))
    }

    /// The skew that applies to a token of this life: never more than a tenth of it, so that short tokens are usable.
    package func skew(forLife life: TimeInterval) -> TimeInterval {
        min(skew.inSeconds, max(0, life) / 10)
    }
}
