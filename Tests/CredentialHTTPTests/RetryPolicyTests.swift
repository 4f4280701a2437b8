import CredentialHTTP
import FoundationEssentials
import Testing

@Suite struct `A retry policy` {
    typealias Outcome = Result<HTTPResponse, HTTPTransportError>
    let now = Date(timeIntervalSince1970: 1_700_000_000)

    /// All waits of a policy for the same outcome over and over, in milliseconds, without jitter.
    func waits(_ policy: RetryPolicy, _ outcome: Outcome) -> [Int] {
        var (policy, waits) = (policy, [Int]())
        policy.jitter = { 1 }
        while let delay = policy.delay(afterAttempt: waits.count + 1, outcome, now: now), waits.count < 100 {
            waits.append(Int(delay / .milliseconds(1)))
        }
        return waits
    }

    func status(_ status: Int, headers: [(name: String, value: String)] = []) -> Outcome {
        .success(HTTPResponse(status: status, headers: headers))
    }

    @Test func `of token endpoints tries three times more for what may pass`() {
        for code in [408, 429, 500, 502, 503, 504] {
            #expect(waits(.tokenEndpoint, status(code)) == [800, 2400, 5600])
        }
        for error in [
            HTTPTransportError.unknownHost, .unreachable("x"), .proxy("x"), .connectTimeout, .brokenReply("x"),
        ] {
            #expect(waits(.tokenEndpoint, .failure(error)) == [800, 2400, 5600])
        }
    }

    @Test func `of token endpoints leaves the rest as it is`() {
        for code in [200, 302, 400, 401, 403, 404, 410, 501, 505] { #expect(waits(.tokenEndpoint, status(code)) == []) }
        for error in [
            HTTPTransportError.timeout, .tls("x"), .cancelled, .invalidRequest("x"),
            .bodyTooLarge(limit: 1),
        ] {
            #expect(waits(.tokenEndpoint, .failure(error)) == [])
        }
    }

    @Test func `grows no wait beyond its longest`() {
        let policy = RetryPolicy.exponential([.status(500)], retries: 8, longestWait: .seconds(20))
        #expect(waits(policy, status(500)) == [800, 2400, 5600, 12_000, 20_000, 20_000, 20_000, 20_000])
        #expect(waits(.exponential([.status(500)], retries: 0), status(500)) == [])
    }

    @Test func `spreads its waits and not the server's`() {
        var policy = RetryPolicy.tokenEndpoint
        policy.jitter = { 1.25 }
        #expect(policy.delay(afterAttempt: 1, status(500), now: now) == .seconds(1))
        let asked = status(500, headers: [("Retry-After", "7")])
        #expect(policy.delay(afterAttempt: 1, asked, now: now) == .seconds(7))
        for _ in 0..<100 {
            let delay = RetryPolicy.tokenEndpoint.delay(afterAttempt: 2, status(500), now: now) ?? .zero
            #expect(delay >= .milliseconds(1919) && delay <= .milliseconds(3121))
        }
    }

    @Test func `gives up at once when the server asks for more than it would wait`() {
        #expect(waits(.tokenEndpoint, status(429, headers: [("Retry-After", "60")])) == [60_000, 60_000, 60_000])
        #expect(waits(.tokenEndpoint, status(429, headers: [("Retry-After", "61")])) == [])
        #expect(waits(.tokenEndpoint, status(429, headers: [("Retry-After", "0")])) == [800, 2400, 5600])
        #expect(waits(.tokenEndpoint, status(400, headers: [("Retry-After", "1")])) == [])
    }

    @Test func `follows the first rule that has the outcome`() {
        let policy = RetryPolicy([
            .init([.status(503)], delays: [.seconds(9)]),
            .init([.statuses(500...599), .timeout, .brokenReply], delays: [.seconds(1), .seconds(1)]),
        ])
        #expect(waits(policy, status(503)) == [9000])
        #expect(waits(policy, status(502)) == [1000, 1000])
        #expect(waits(policy, .failure(.timeout)) == [1000, 1000])
        #expect(waits(policy, .failure(.brokenReply("x"))) == [1000, 1000])
        #expect(waits(policy, .failure(.connectTimeout)) == [])
        #expect(waits(.never, status(500)) == [])
    }
}
