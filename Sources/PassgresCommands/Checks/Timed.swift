import KnownFailures
import TokenCredentials

/// Runs a check and notes how long it took.
func timed(_ work: @Sendable () async -> [CheckFinding]) async -> [CheckFinding] {
    let start = ContinuousClock.now
    var findings = await work()
    let time = (ContinuousClock.now - start).milliseconds
    for index in findings.indices { findings[index].milliseconds = time }
    return findings
}

/// Runs a check that finds something besides, and notes how long it took.
func timed<Found: Sendable>(
    _ work: @Sendable () async -> ([CheckFinding], Found)
) async -> ([CheckFinding], Found) {
    let start = ContinuousClock.now
    var (findings, found) = await work()
    let time = (ContinuousClock.now - start).milliseconds
    for index in findings.indices { findings[index].milliseconds = time }
    return (findings, found)
}

/// Runs work that may block on a thread of its own; gives up on it after a while, and leaves the thread to its fate.
func onOwnThread<Value: Sendable>(
    within limit: Duration, _ work: @escaping @Sendable () -> Value
) async -> Value? {
    let answer = FirstAnswer<Value?>()
    Task.detached {
        let value = await onOwnThread(work)
        answer.give(value)
    }
    Task.detached {
        try? await Task.sleep(for: limit)
        answer.give(nil)
    }
    return await answer.value()
}

/// A place for an answer; the first one given counts.
private final class FirstAnswer<Value: Sendable>: Sendable {
    private enum State: Sendable {
        case empty
        case awaited(CheckedContinuation<Value, Never>)
        case given(Value)
        case taken
    }

    private let state = Guarded<State>(.empty)

    func give(_ value: Value) {
        let waiting = state.withLock { state -> CheckedContinuation<Value, Never>? in
            switch state {
            case .empty:
                state = .given(value)
                return nil
            case .awaited(let continuation):
                state = .taken
                return continuation
            case .given, .taken: return nil
            }
        }
        waiting?.resume(returning: value)
    }

    func value() async -> Value {
        await withCheckedContinuation { continuation in
            let ready = state.withLock { state -> Value? in
                if case .given(let value) = state {
                    state = .taken
                    return value
                }
                state = .awaited(continuation)
                return nil
            }
            if let ready { continuation.resume(returning: ready) }
        }
    }
}
