public import CoreMetrics
import FoundationEssentials
public import TokenCredentials

/// Another credential whose answers are counted and timed.
///
/// Of a label `postgres_token` come two metrics, both with the dimension `credential`: the timer `postgres_token`, with
/// the dimension `outcome` (`token`, `unavailable`, `failed` or `cancelled`), whose count is that of the answers, and the
/// gauge `postgres_token_seconds_left`, which says how long the last token handed out is good for, in seconds. Measured
/// outside and inside of a cache, the two counts tell how many requests the cache answered.
public struct MeasuredCredential: CredentialWrapper {
    /// The credential that answers.
    public let base: any TokenCredential
    private let clock: any WallClock
    private let timers: [Outcome: Timer]
    private let timeLeft: Gauge

    /// Wraps a credential; the metrics are made by the factory given, else by that of the process.
    public init(
        _ base: any TokenCredential, as label: String, in factory: (any MetricsFactory)? = nil,
        clock: any WallClock = SystemClock()
    ) {
        self.base = base
        self.clock = clock
        let factory = factory ?? MetricsSystem.factory
        let credential = ("credential", base.name)
        timers = Dictionary(
            uniqueKeysWithValues: Outcome.allCases.map { outcome in
                let dimensions = [credential, ("outcome", outcome.rawValue)]
                return (outcome, Timer(label: label, dimensions: dimensions, factory: factory))
            })
        timeLeft = Gauge(label: label + "_seconds_left", dimensions: [credential], factory: factory)
    }

    /// Returns the other credential's answer.
    public func token(for request: TokenRequest) async throws(CredentialError) -> AccessToken {
        let start = ContinuousClock.now
        do {
            let token = try await base.token(for: request)
            record(.token, since: start)
            timeLeft.record(max(0, token.expiresAt.timeIntervalSince(clock.now)))
            return token
        } catch {
            record(Outcome(error), since: start)
            throw error
        }
    }

    private func record(_ outcome: Outcome, since start: ContinuousClock.Instant) {
        timers[outcome]?.recordSeconds((ContinuousClock.now - start).inSeconds)
    }
}

extension TokenCredential {
    /// The same credential, with every answer counted and timed under a label.
    public func measured(as label: String, in factory: (any MetricsFactory)? = nil) -> MeasuredCredential {
        MeasuredCredential(self, as: label, in: factory)
    }
}
