import TokenCredentials

/// Wakes one task that waits; a ring that nobody waits for is kept.
final class WakeBell: Sendable {
    private struct State {
        var isRung = false
        var waiter: CheckedContinuation<Void, Never>?
    }

    private let state = Guarded(State())

    func ring() {
        let waiter = state.withLock { state -> CheckedContinuation<Void, Never>? in
            let waiter = state.waiter
            state.waiter = nil
            state.isRung = waiter == nil
            return waiter
        }
        waiter?.resume()
    }

    func wait() async {
        await withCheckedContinuation { continuation in
            let isRung = state.withLock { state -> Bool in
                let isRung = state.isRung
                state.isRung = false
                if !isRung { state.waiter = continuation }
                return isRung
            }
            if isRung { continuation.resume() }
        }
    }
}
