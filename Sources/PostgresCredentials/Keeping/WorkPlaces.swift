import TokenCredentials

/// Lets so many tasks work side by side; the others wait, and are let in as they came.
///
/// A task that holds its place for too long is no longer counted: however many destinations hang, the others are served,
/// a few at a time.
final class WorkPlaces: Sendable {
    private struct State {
        var free: Int
        var holders: Set<Int> = []
        var waiters: [(number: Int, continuation: CheckedContinuation<Void, Never>)] = []
        /// How many of the waiters were let in, counted from the first.
        var admitted = 0
        var lastNumber = 0

        /// Lets the next one in.
        mutating func admit() -> CheckedContinuation<Void, Never>? {
            guard free > 0, admitted < waiters.count else { return nil }
            let next = waiters[admitted]
            admitted += 1
            if admitted == waiters.count {
                waiters = []
                admitted = 0
            }
            free -= 1
            holders.insert(next.number)
            return next.continuation
        }
    }

    private let state: Guarded<State>
    private let patience: Duration
    private let clock: any WallClock

    /// - Parameter patience: How long a task holds its place against others.
    init(_ count: Int, patience: Duration, clock: any WallClock) {
        state = Guarded(State(free: count))
        self.patience = patience
        self.clock = clock
    }

    /// Does work as soon as there is a place.
    func work(_ body: () async -> Void) async {
        let number = state.withLock { state in
            state.lastNumber += 1
            return state.lastNumber
        }
        await withCheckedContinuation { continuation in
            let next = state.withLock { state in
                state.waiters.append((number, continuation))
                return state.admit()
            }
            next?.resume()
        }
        let watch = Task { [clock, patience] in
            do throws(CancellationError) {
                try await clock.sleep(for: patience)
                giveUp(number)
            } catch {}
        }
        await body()
        watch.cancel()
        giveUp(number)
    }

    /// Gives a place to the next one; does nothing for a place that was given already.
    private func giveUp(_ number: Int) {
        let next = state.withLock { state -> CheckedContinuation<Void, Never>? in
            guard state.holders.remove(number) != nil else { return nil }
            state.free += 1
            return state.admit()
        }
        next?.resume()
    }
}
