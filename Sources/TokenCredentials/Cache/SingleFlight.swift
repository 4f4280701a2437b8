/// Lets everybody who wants the same thing wait for one fetch of it.
///
/// The fetch belongs to nobody's task. A waiter who is cancelled leaves at once and alone; when the last one has left,
/// the fetch is cancelled, and whoever comes next starts anew.
package final class SingleFlight<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    package typealias Fetch = @Sendable () async throws(CredentialError) -> Value
    private typealias Outcome = Result<Value, CredentialError>
    private typealias Continuation = CheckedContinuation<Outcome, Never>

    private enum Waiter {
        case joined
        case waiting(Continuation)
        case landed(Outcome)
    }

    private struct Flight {
        let task: Task<Void, Never>
        let number: UInt64
        /// Whether the fetch goes on when nobody waits for it.
        let isSelfSufficient: Bool
        var waiters: Set<UInt64> = []
    }

    private struct State {
        var flights: [Key: Flight] = [:]
        var waiters: [UInt64: Waiter] = [:]
        var lastNumber: UInt64 = 0

        mutating func nextNumber() -> UInt64 {
            lastNumber += 1
            return lastNumber
        }
    }

    private let state = Guarded(State())

    package init() {}

    /// How many callers wait, and how many fetches are under way, at this moment.
    package var load: (waiters: Int, fetches: Int) { state.withLock { ($0.waiters.count, $0.flights.count) } }

    /// Waits for the fetch under way for the key, or starts one.
    package func value(for key: Key, _ fetch: @escaping Fetch) async throws(CredentialError) -> Value {
        let number = state.withLock { state -> UInt64 in
            let number = state.nextNumber()
            startUnlessUnderWay(key, isSelfSufficient: false, in: &state, fetch)
            state.flights[key]?.waiters.insert(number)
            state.waiters[number] = .joined
            return number
        }
        let outcome = await withTaskCancellationHandler {
            await withCheckedContinuation { (continuation: Continuation) in
                let outcome = state.withLock { state -> Outcome? in
                    switch state.waiters[number] {
                    case .joined:
                        state.waiters[number] = .waiting(continuation)
                        return nil
                    case .landed(let outcome):
                        state.waiters[number] = nil
                        return outcome
                    case .waiting, nil:
                        return .failure(.cancelled)
                    }
                }
                if let outcome { continuation.resume(returning: outcome) }
            }
        } onCancel: {
            leave(number, key)
        }
        return try outcome.get()
    }

    /// Starts a fetch nobody waits for, unless one is under way. Nobody's leaving ends it.
    package func start(_ key: Key, _ fetch: @escaping Fetch) {
        state.withLock { state in startUnlessUnderWay(key, isSelfSufficient: true, in: &state, fetch) }
    }

    private func startUnlessUnderWay(
        _ key: Key, isSelfSufficient: Bool, in state: inout State, _ fetch: @escaping Fetch
    ) {
        guard state.flights[key] == nil else { return }
        let number = state.nextNumber()
        // The task cannot land before it is entered below: landing needs the lock that is held here.
        let task = Task.detached { [self] in
            let outcome: Outcome
            do throws(CredentialError) {
                outcome = .success(try await fetch())
            } catch {
                outcome = .failure(error)
            }
            land(number, key, outcome)
        }
        state.flights[key] = Flight(task: task, number: number, isSelfSufficient: isSelfSufficient)
    }

    private func land(_ number: UInt64, _ key: Key, _ outcome: Outcome) {
        let continuations = state.withLock { state -> [Continuation] in
            guard let flight = state.flights[key], flight.number == number else { return [] }
            state.flights[key] = nil
            return flight.waiters.compactMap { waiter in
                if case .waiting(let continuation)? = state.waiters[waiter] {
                    state.waiters[waiter] = nil
                    return continuation
                }
                state.waiters[waiter] = .landed(outcome)
                return nil
            }
        }
        for continuation in continuations { continuation.resume(returning: outcome) }
    }

    private func leave(_ number: UInt64, _ key: Key) {
        let (continuation, abandoned) = state.withLock { state -> (Continuation?, Task<Void, Never>?) in
            guard let waiter = state.waiters.removeValue(forKey: number) else { return (nil, nil) }
            var abandoned: Task<Void, Never>?
            if state.flights[key]?.waiters.remove(number) != nil, let flight = state.flights[key],
                flight.waiters.isEmpty, !flight.isSelfSufficient
            {
                state.flights[key] = nil
                abandoned = flight.task
            }
            if case .waiting(let continuation) = waiter { return (continuation, abandoned) }
            return (nil, abandoned)
        }
        abandoned?.cancel()
        continuation?.resume(returning: .failure(.cancelled))
    }
}
