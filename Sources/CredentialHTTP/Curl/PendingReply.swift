import TokenCredentials

/// One caller's wait for one reply.
///
/// Whoever ends it first wins: the worker with a reply, or a cancellation.
final class PendingReply: Sendable {
    typealias Outcome = Result<HTTPResponse, HTTPTransportError>

    private enum Phase {
        case idle
        case waiting(CheckedContinuation<Outcome, Never>)
        case finished(Outcome?)
    }

    private let phase = Guarded(Phase.idle)

    /// Takes the caller's continuation.
    ///
    /// Returns whether there is still something to wait for.
    func wait(_ continuation: CheckedContinuation<Outcome, Never>) -> Bool {
        let outcome = phase.withLock { phase -> Outcome? in
            switch phase {
            case .finished(let outcome):
                phase = .finished(nil)
                return outcome
            case .idle, .waiting:
                phase = .waiting(continuation)
                return nil
            }
        }
        if let outcome { continuation.resume(returning: outcome) }
        return outcome == nil
    }

    /// Ends the wait; only the first call counts.
    func finish(_ outcome: Outcome) {
        let continuation = phase.withLock { phase -> CheckedContinuation<Outcome, Never>? in
            switch phase {
            case .idle:
                phase = .finished(outcome)
                return nil
            case .waiting(let continuation):
                phase = .finished(nil)
                return continuation
            case .finished:
                return nil
            }
        }
        continuation?.resume(returning: outcome)
    }

    /// Whether nobody waits any more.
    var isFinished: Bool {
        phase.withLock { phase in
            if case .finished = phase { true } else { false }
        }
    }
}
