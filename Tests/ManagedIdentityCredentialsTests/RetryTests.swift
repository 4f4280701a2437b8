import CredentialHTTP
import CredentialTesting
import FoundationEssentials
import Testing
import TokenCredentials

@testable import ManagedIdentityCredentials

@Suite struct `A request that got no token` {
    typealias Answer = Result<HTTPResponse, HTTPTransportError>

    static func status(_ status: Int, _ headers: [(name: String, value: String)] = []) -> Answer {
        .success(.text("", status: status, headers: [World.header] + headers))
    }

    func pauses(_ environment: ProcessEnvironment, always answer: Answer) async -> (pauses: [Double], word: String) {
        let clock = HastyClock()
        let credential = World.credential(
            nil, environment, http: StubTransport(answer), clock: clock, patience: .persistent)
        let word = await credential.outcome().word
        return (clock.pauses, word)
    }

    static let table: [(Answer, [Double], String)] = [
        (status(404), [2, 4, 8, 16], "failed"),
        (status(410), [2, 4, 8, 16, 16, 16, 16], "failed"),
        (status(429), [2, 4, 8, 16], "failed"),
        (status(500), [2, 4, 8, 16], "failed"),
        (status(503), [2, 4, 8, 16], "failed"),
        (status(599), [2, 4, 8, 16], "failed"),
        (status(400), [], "unavailable"),
        (status(401), [], "failed"),
        (status(408), [], "failed"),
        (status(302), [], "unavailable"),
        (.failure(.connectTimeout), [2, 4, 8, 16], "unavailable"),
        (.failure(.timeout), [2, 4, 8, 16], "unavailable"),
        (.failure(.unreachable("refused")), [2, 4, 8, 16], "unavailable"),
        (.failure(.tls("x")), [], "failed"),
        (.failure(.invalidRequest("x")), [], "failed"),
        (.failure(.bodyTooLarge(limit: 9)), [], "unavailable"),
        (.failure(.cancelled), [], "cancelled"),
        (status(429, [("Retry-After", "3")]), [3, 4, 8, 16], "failed"),
        (status(429, [("Retry-After", "60")]), [60, 60, 60, 60], "failed"),
        (status(429, [("Retry-After", "61")]), [], "failed"),
        (status(503, [("retry-after-ms", "5500"), ("Retry-After", "9")]), [5.5, 5.5, 8, 16], "failed"),
        (status(503, [("x-ms-retry-after-ms", "100")]), [2, 4, 8, 16], "failed"),
        (status(429, [("Retry-After", "Tue, 14 Nov 2023 22:13:30 GMT")]), [10, 4, 8, 16], "failed"),
        (status(429, [("Retry-After", "soon")]), [2, 4, 8, 16], "failed"),
        (status(429, [("Retry-After", "-5")]), [2, 4, 8, 16], "failed"),
    ]

    @Test(arguments: table)
    func `is repeated on IMDS by its table`(_ answer: Answer, _ expected: [Double], _ word: String) async {
        let (pauses, outcome) = await pauses(World.imdsEnvironment, always: answer)
        #expect(pauses == expected)
        #expect(outcome == word)
    }

    static let elsewhere: [(Answer, [Double])] = [
        (status(429), [1, 2, 4]), (status(500), [1, 2, 4]), (status(408), [1, 2, 4]), (status(404), []),
        (status(410), []), (status(400), []), (.failure(.timeout), [1, 2, 4]),
        (.failure(.tls("x")), []), (status(429, [("Retry-After", "7")]), [7, 7, 7]),
    ]

    @Test(arguments: elsewhere)
    func `is repeated three times elsewhere`(_ answer: Answer, _ expected: [Double]) async {
        let environment: ProcessEnvironment = [
            "IDENTITY_ENDPOINT": "http://127.0.0.1:9/t", "IDENTITY_HEADER": World.secret,
        ]
        let (pauses, outcome) = await pauses(environment, always: answer)
        #expect(pauses == expected)
        #expect(outcome == "failed")
    }

    @Test func `ends in a token when the service is there again`() async {
        let http = ScriptedTransport(
            .failure(.connectTimeout), Self.status(404), Self.status(410), Self.status(503), .success(World.reply))
        let clock = HastyClock()
        let credential = World.credential(nil, World.imdsEnvironment, http: http, clock: clock, patience: .persistent)
        #expect(await credential.outcome().word == "token")
        #expect(clock.pauses == [2, 4, 8, 16])
    }

    @Test func `is a failure where there was an answer before the silence`() async {
        let http = ScriptedTransport(
            Self.status(404), .failure(.timeout), .failure(.timeout), .failure(.timeout), .failure(.timeout))
        let credential = World.credential(
            nil, World.imdsEnvironment, http: http, clock: HastyClock(), patience: .persistent)
        let outcome = await credential.outcome()
        #expect(outcome.word == "failed")
        #expect(outcome.diagnosis?.kind == .temporary)
    }

    @Test func `waits on its own for an identity that is still to be assigned`() async {
        let absent = Answer.success(
            .text(#"{"error":"invalid_request","error_description":"Identity not found"}"#, status: 400))
        let http = ScriptedTransport(absent, absent, .success(World.reply))
        let clock = HastyClock()
        let credential = World.credential(nil, World.imdsEnvironment, http: http, clock: clock, patience: .persistent)
        #expect(await credential.outcome().word == "token")
        #expect(clock.pauses == [2, 4])
        let (pauses, word) = await pauses(World.imdsEnvironment, always: absent)
        #expect(pauses == [2, 4, 8])
        #expect(word == "unavailable")
        let probing = ScriptedTransport(.success(World.present), absent)
        #expect(await World.credential(nil, World.imdsEnvironment, http: probing).outcome().word == "unavailable")
        #expect(probing.unused == 0)
    }

    @Test func `reports no wait of more than an hour`() async {
        let answers = [
            Self.status(429, [("Retry-After", "31536000")]),
            Self.status(503, [("Retry-After", "99999999999999999999")]),
            Self.status(410, [("Retry-After", "Fri, 31 Dec 9999 23:59:59 GMT")]),
        ]
        for answer in answers {
            let outcome = await World.credential(
                nil, World.imdsEnvironment, http: StubTransport(answer), clock: HastyClock(), patience: .persistent
            ).outcome()
            #expect(outcome.diagnosis?.retryAfter == .seconds(3600))
        }
    }

    @Test func `ends although the clock is set back while IMDS is being updated`() async {
        let clock = BackwardClock()
        let outcome = await World.credential(
            nil, World.imdsEnvironment, http: StubTransport(Self.status(410)), clock: clock, patience: .persistent
        ).outcome()
        #expect(outcome.word == "failed")
        #expect(clock.sleeps < 20)
    }

    /// A clock that somebody sets back by an hour during every wait.
    private final class BackwardClock: WallClock {
        private let state = Guarded((now: World.start, sleeps: 0))
        var now: Date { state.withLock { $0.now } }
        var sleeps: Int { state.withLock { $0.sleeps } }

        func sleep(until deadline: Date) async throws(CancellationError) {
            // Nobody waits for ever: what would run on is stopped here.
            guard sleeps < 1000 else { throw CancellationError() }
            state.withLock { state in
                state.sleeps += 1
                state.now = deadline.addingTimeInterval(-3600)
            }
        }
    }

    @Test func `reports the wait that was asked for`() async {
        let clock = HastyClock()
        let http = StubTransport(Self.status(429, [("Retry-After", "3600")]))
        let outcome = await World.credential(
            nil, World.imdsEnvironment, http: http, clock: clock, patience: .persistent
        ).outcome()
        #expect(outcome.diagnosis?.retryAfter == .seconds(3600))
    }

    @Test func `is given up at once when the task is cancelled while it waits`() async {
        let clock = ManualClock()
        let http = ScriptedTransport(Self.status(503))
        let credential = World.credential(nil, World.imdsEnvironment, http: http, clock: clock, patience: .persistent)
        let task = Task { await credential.outcome().word }
        await clock.waitForSleepers()
        #expect(clock.deadlines == [World.start.addingTimeInterval(2)])
        task.cancel()
        #expect(await task.value == "cancelled")
        #expect(http.requests.count == 1)
    }

    @Test func `is not sent by a task that is cancelled already`() async {
        let http = ScriptedTransport()
        let credential = World.credential(nil, World.imdsEnvironment, http: http)
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return await credential.outcome().word
        }
        #expect(await task.value == "cancelled")
        #expect(http.requests.isEmpty)
    }

    @Test func `is cancelled within a probe and leaves nothing behind`() async {
        let http = ScriptedTransport(.failure(.cancelled), .success(World.present), .success(World.reply))
        let credential = World.credential(nil, World.imdsEnvironment, http: http)
        #expect(await credential.outcome().word == "cancelled")
        #expect(await credential.outcome().word == "token")
    }
}
