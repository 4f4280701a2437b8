public import FoundationEssentials
public import TokenCredentials

/// A clock on which every wait is over at once, and which remembers how long each would have been.
///
/// For what waits and tries again: where the order of waits matters, ``ManualClock`` is the better one.
public final class HastyClock: WallClock {
    private let state: Guarded<(now: Date, pauses: [Double])>

    /// Starts at a time of the test's choosing; by default in November 2023.
    public init(now: Date = Date(timeIntervalSince1970: 1_700_000_000)) {
        state = Guarded((now, []))
    }

    /// The time at which the clock stands.
    public var now: Date { state.withLock { $0.now } }

    /// The waits so far, in seconds, in order.
    public var pauses: [Double] { state.withLock { $0.pauses } }

    /// Moves the clock on to the time given and returns. Throws if the task is cancelled.
    public func sleep(until deadline: Date) async throws(CancellationError) {
        guard !Task.isCancelled else { throw CancellationError() }
        state.withLock { state in
            state.pauses.append(deadline.timeIntervalSince(state.now))
            state.now = max(state.now, deadline)
        }
    }
}
