import CredentialHTTP
import FoundationEssentials
import TokenCredentials

/// Why there is no answer, and whether there was one before.
struct NoAnswer: Error {
    /// Why the last try brought none.
    let reason: HTTPTransportError
    /// Whether an earlier try was answered, though not with a token.
    let wasAnsweredBefore: Bool
}

/// Sends a request as often as a table says, and waits in between.
struct PatientExchange: Sendable {
    let http: any HTTPTransport
    let clock: any WallClock

    /// The answer to the last try.
    ///
    /// - Parameter accepts: Whether an answer came from whom the request was meant for; the first that did not is returned
    ///   at once.
    ///
    /// Throws ``NoAnswer`` if that had none, or when the task is cancelled.
    func answer(
        to request: HTTPRequest, _ table: RetryTable, ifFromHost accepts: (HTTPResponse) -> Bool = { _ in true }
    ) async throws(NoAnswer) -> HTTPResponse {
        var tries = 0
        var answers = 0
        var goneSince: Date?
        while true {
            tries += 1
            let outcome: Result<HTTPResponse, HTTPTransportError>
            do throws(HTTPTransportError) {
                let response = try await http.send(request)
                guard accepts(response) else { return response }
                outcome = .success(response)
                answers += 1
            } catch {
                outcome = .failure(error)
            }
            let now = clock.now
            if case .success(let response) = outcome, response.status == 410, goneSince == nil { goneSince = now }
            let pause = table.pause(
                after: outcome, tries: tries, gone: goneSince.map { .seconds(now.timeIntervalSince($0)) }, now: now)
            guard let pause, WaitRecord.hasTime(for: pause) else {
                switch outcome {
                case .success(let response): return response
                case .failure(let reason): throw NoAnswer(reason: reason, wasAnsweredBefore: answers > 0)
                }
            }
            do throws(CancellationError) {
                try await clock.sleep(for: pause)
            } catch {
                throw NoAnswer(reason: .cancelled, wasAnsweredBefore: answers > 0)
            }
        }
    }
}
