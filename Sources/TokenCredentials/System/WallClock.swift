public import FoundationEssentials

/// Tells the time of day and waits for it. Expiry times come from servers and go into files, hence dates.
public protocol WallClock: Sendable {
    /// The time now (UTC).
    var now: Date { get }

    /// Waits until the time given. Throws as soon as the task is cancelled.
    func sleep(until deadline: Date) async throws(CancellationError)
}

extension WallClock {
    /// Waits for a while. Throws as soon as the task is cancelled.
    public func sleep(for duration: Duration) async throws(CancellationError) {
        try await sleep(until: now.addingTimeInterval(duration.inSeconds))
    }
}

/// The machine's own clock.
public struct SystemClock: WallClock {
    /// Makes a clock; all are the same.
    public init() {}

    /// The time now (UTC).
    public var now: Date { Date.now }

    /// Waits until the time given, as far as the clock is not set meanwhile.
    public func sleep(until deadline: Date) async throws(CancellationError) {
        do {
            try await Task.sleep(for: .seconds(max(0, deadline.timeIntervalSince(now))))
        } catch {
            throw CancellationError()
        }
    }
}
