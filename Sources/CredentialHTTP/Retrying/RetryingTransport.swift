import FoundationEssentials
public import TokenCredentials

/// Sends a request again when its policy says so, and otherwise is the transport it holds.
public struct RetryingTransport: HTTPTransport {
    private let base: any HTTPTransport
    private let policy: RetryPolicy
    private let clock: any WallClock

    /// Wraps a transport.
    public init(_ base: any HTTPTransport, policy: RetryPolicy = .tokenEndpoint, clock: any WallClock = SystemClock()) {
        self.base = base
        self.policy = policy
        self.clock = clock
    }

    /// Sends a request as often as the policy allows, and returns or throws what the last attempt did.
    ///
    /// Throws ``HTTPTransportError/cancelled`` also when the task is cancelled between two attempts.
    public func send(_ request: HTTPRequest) async throws(HTTPTransportError) -> HTTPResponse {
        let start = clock.now
        var attempt = 1
        while true {
            let outcome: Result<HTTPResponse, HTTPTransportError>
            do throws(HTTPTransportError) {
                outcome = .success(try await base.send(request))
            } catch {
                outcome = .failure(error)
            }
            let now = clock.now
            guard let delay = policy.delay(afterAttempt: attempt, outcome, now: now) else { return try outcome.get() }
            if let budget = policy.budget {
                guard now.timeIntervalSince(start) + delay.inSeconds <= budget.inSeconds else {
                    return try outcome.get()
                }
            }
            // An answer that is there is worth more than one for which nobody waits any more.
            guard WaitRecord.hasTime(for: delay) else { return try outcome.get() }
            do {
                try await clock.sleep(for: delay)
            } catch {
                throw .cancelled
            }
            attempt += 1
        }
    }
}
