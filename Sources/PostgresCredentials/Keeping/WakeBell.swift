import TokenCredentials

/// Wakes whoever waits; a ring that nobody waits for is kept for one who comes later.
final class WakeBell: Sendable {
    private struct State {
        var isRung = false
        var waiters: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Guarded(State())

    func ring() {
        let waiters = state.withLock { state -> [CheckedContinuation<Void, Never>] in
            let waiters = state.waiters
            state.waiters = []
            state.isRung = waiters.isEmpty
            return waiters
        }
        for waiter in waiters { waiter.resume() }
    }

    func wait() async {
        await withCheckedContinuation { continuation in
            let isRung = state.withLock { state -> Bool in
                let isRung = state.isRung
                state.isRung = false
                if !isRung { state.waiters.append(continuation) }
                return isRung
            }
            if isRung { continuation.resume() }
        }
    }
}
