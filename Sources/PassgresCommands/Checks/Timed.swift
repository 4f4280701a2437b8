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
