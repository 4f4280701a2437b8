import CredentialHTTP
import CredentialTesting
import FoundationEssentials
import Testing
import TokenCredentials

@Suite struct `A retrying transport` {
    let clock = ManualClock()
    let request = HTTPRequest.form("https://login.example.test/token", [("client_secret", "hidden")])

    var policy: RetryPolicy {
        var policy = RetryPolicy.tokenEndpoint
        policy.jitter = { 1 }
        return policy
    }

    func reply(_ status: Int, _ headers: (name: String, value: String)...) -> Result<HTTPResponse, HTTPTransportError> {
        .success(HTTPResponse(status: status, headers: headers))
    }

    /// Sends the request, moves the clock from wait to wait, and tells how long each was in milliseconds.
    func send(
        by base: ScriptedTransport, _ policy: RetryPolicy, waits count: Int
    ) async -> (outcome: Result<HTTPResponse, any Error>, waits: [Int]) {
        let transport = RetryingTransport(base, policy: policy, clock: clock)
        let (request, clock) = (request, clock)
        let task = Task { try await transport.send(request) }
        var waits: [Int] = []
        for _ in 0..<count {
            await clock.waitForSleepers()
            let wait = clock.deadlines.first?.timeIntervalSince(clock.now) ?? 0
            waits.append(Int((wait * 1000).rounded()))
            clock.advance(by: .seconds(wait))
            // Dates are binary fractions: what is left of the wait is far below a millisecond.
            clock.advance(by: .milliseconds(1))
        }
        return (await task.result, waits)
    }

    @Test func `returns the first reply that will not get better`() async throws {
        let base = ScriptedTransport(reply(503), .failure(.connectTimeout), reply(400), reply(200))
        let (outcome, waits) = await send(by: base, policy, waits: 2)
        #expect(try outcome.get().status == 400)
        #expect(waits == [800, 2400])
        #expect(base.requests.map(\.bodyText) == Array(repeating: "client_secret=hidden", count: 3))
        #expect(base.unused == 1)
    }

    @Test func `returns or throws the last outcome when the attempts are used up`() async throws {
        let busy = ScriptedTransport(reply(429), reply(429), reply(429), reply(503), reply(200))
        let (outcome, waits) = await send(by: busy, policy, waits: 3)
        #expect(try outcome.get().status == 503)
        #expect(waits == [800, 2400, 5600])
        #expect(busy.unused == 1)

        let gone = ScriptedTransport(reply(503), reply(503), reply(503), .failure(.unknownHost))
        let failure = await send(by: gone, policy, waits: 3).outcome
        #expect(throws: HTTPTransportError.unknownHost) { try failure.get() }
    }

    @Test func `waits as long as the server asks`() async throws {
        let date = ("Retry-After", "Tue, 14 Nov 2023 22:13:50 GMT")  // half a minute after the clock's start
        let base = ScriptedTransport(reply(429, date), reply(503, ("retry-after-ms", "50")), reply(200))
        let (outcome, waits) = await send(by: base, policy, waits: 2)
        #expect(try outcome.get().status == 200)
        #expect(waits == [30_000, 50])
    }

    @Test func `returns the reply at once when the server asks for too much`() async throws {
        let base = ScriptedTransport(reply(429, ("Retry-After", "3600")), reply(200))
        let outcome = await send(by: base, policy, waits: 0).outcome
        #expect(try outcome.get().status == 429)
        #expect(try outcome.get().retryAfter(now: clock.now) == .seconds(3600))
        #expect(base.unused == 1)
    }

    @Test func `begins no attempt beyond its budget`() async throws {
        var policy = policy
        policy.budget = .seconds(3)
        let base = ScriptedTransport(reply(500), reply(502), reply(200))
        let (outcome, waits) = await send(by: base, policy, waits: 1)
        #expect(try outcome.get().status == 502)
        #expect(waits == [800])
    }

    @Test func `ends its wait when the task is cancelled`() async {
        let base = ScriptedTransport(reply(500), reply(200))
        let transport = RetryingTransport(base, policy: policy, clock: clock)
        let request = request
        let task = Task { try await transport.send(request) }
        await clock.waitForSleepers()
        task.cancel()
        let result = await task.result
        #expect(throws: HTTPTransportError.cancelled) { try result.get() }
        #expect(base.unused == 1)
    }
}
