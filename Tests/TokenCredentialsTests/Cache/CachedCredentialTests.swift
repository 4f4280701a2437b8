import CredentialTesting
import FoundationEssentials
import Testing
import TokenCredentials

@Suite struct `A cached credential` {
    let clock = ManualClock()
    let policy = RenewalPolicy(jitter: 0)

    /// Answers `token-1`, `token-2`, …, each good for the time given.
    func counting(lasting seconds: TimeInterval = 3600) -> StubCredential {
        let clock = clock
        return StubCredential { (request, number) async throws(CredentialError) -> AccessToken in
            .sample("token-\(number)", lasting: seconds, from: clock)
        }
    }

    func cache(_ base: any TokenCredential) -> CachedCredential {
        CachedCredential(base, renewing: policy, clock: clock)
    }

    @Test func `asks once while the token is good`() async throws {
        let base = counting()
        let cache = cache(base)
        for _ in 0..<5 { #expect(try await cache.token(for: .sample).secret == "token-1") }
        clock.advance(by: .seconds(3299))
        #expect(try await cache.token(for: .sample).secret == "token-1")
        #expect(base.requests.count == 1)
    }

    @Test func `serves a thousand tasks with one fetch`() async throws {
        let base = counting()
        let cache = cache(base)
        let secrets = try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 0..<1000 { group.addTask { try await cache.token(for: .sample).secret } }
            return try await group.reduce(into: Set<String>()) { $0.insert($1) }
        }
        #expect(secrets == ["token-1"])
        #expect(base.requests.count == 1)
    }

    @Test func `keeps different requests apart`() async throws {
        let base = counting()
        let cache = cache(base)
        _ = try await cache.token(for: TokenRequest("a"))
        _ = try await cache.token(for: TokenRequest("b"))
        _ = try await cache.token(for: TokenRequest("a", tenant: "t"))
        _ = try await cache.token(for: TokenRequest("a"))
        #expect(base.requests.count == 3)
    }

    @Test func `hands out the old token while it renews it in the background`() async throws {
        let (clock, gate) = (clock, Gate())
        let base = StubCredential { (request, number) async throws(CredentialError) -> AccessToken in
            if number == 2 { await gate.wait() }
            return .sample("token-\(number)", lasting: 3600, from: clock)
        }
        let cache = cache(base)
        _ = try await cache.token(for: .sample)
        clock.advance(by: .seconds(3301))
        #expect(try await cache.token(for: .sample).secret == "token-1")
        await gate.waitForArrivals()
        #expect(try await cache.token(for: .sample).secret == "token-1")
        #expect(base.requests.count == 2)
        gate.open()
        while try await cache.token(for: .sample).secret == "token-1" { await Task.yield() }
        #expect(base.requests.count == 2)
    }

    @Test func `fetches while the caller waits once the token is all but over`() async throws {
        let base = counting()
        let cache = cache(base)
        _ = try await cache.token(for: .sample)
        clock.advance(by: .seconds(3570))
        #expect(try await cache.token(for: .sample).secret == "token-2")
    }

    @Test func `goes on with the old token when renewing fails, and tries again no sooner than told`() async throws {
        let (clock, gate) = (clock, Gate())
        let base = StubCredential { (request, number) async throws(CredentialError) -> AccessToken in
            if number == 1 { return .sample("token-1", lasting: 3600, from: clock) }
            await gate.wait()
            throw .failed(Diagnosis("down", kind: .temporary, retryAfter: .seconds(120)))
        }
        let cache = cache(base)
        _ = try await cache.token(for: .sample)
        clock.advance(by: .seconds(3301))
        gate.open()
        #expect(try await cache.token(for: .sample).secret == "token-1")
        await gate.waitForArrivals(1)
        while cache.isFetching { await Task.yield() }
        clock.advance(by: .seconds(119))
        #expect(try await cache.token(for: .sample).secret == "token-1")
        #expect(base.requests.count == 2)
        clock.advance(by: .seconds(2))
        #expect(try await cache.token(for: .sample).secret == "token-1")
        await gate.waitForArrivals(2)
        #expect(base.requests.count == 3)
    }

    @Test func `forgets a failure, so that the next caller may have more luck`() async throws {
        let clock = clock
        let base = StubCredential { (request, number) async throws(CredentialError) -> AccessToken in
            if number == 1 { throw .failed("down") }
            return .sample("token-\(number)", lasting: 3600, from: clock)
        }
        let cache = cache(base)
        await #expect(throws: CredentialError.self) { try await cache.token(for: .sample) }
        #expect(try await cache.token(for: .sample).secret == "token-2")
    }

    @Test func `fetches for a caller who needs a longer life than is left, and serves the old if that fails`()
        async throws
    {
        let clock = clock
        let base = StubCredential { (request, number) async throws(CredentialError) -> AccessToken in
            if number == 3 { throw .failed("down") }
            return .sample("token-\(number)", lasting: 3600, from: clock)
        }
        let cache = cache(base)
        _ = try await cache.token(for: .sample)
        clock.advance(by: .seconds(1800))
        var longer = TokenRequest.sample
        longer.minimumValidity = .seconds(1801)
        #expect(try await cache.token(for: longer).secret == "token-2")
        #expect(try await cache.token(for: .sample).secret == "token-2")
        clock.advance(by: .seconds(1800))
        #expect(try await cache.token(for: longer).secret == "token-2")
        #expect(base.requests.count == 3)
        #expect(base.requests.map(\.minimumValidity) == [nil, .seconds(1801), .seconds(1801)])
    }

    @Test func `asks anew for claims a service demanded, and keeps the answer for all`() async throws {
        let base = counting()
        let cache = cache(base)
        _ = try await cache.token(for: .sample)
        var challenged = TokenRequest.sample
        challenged.claims = #"{"access_token":{}}"#
        #expect(try await cache.token(for: challenged).secret == "token-2")
        #expect(base.requests.last?.claims == challenged.claims)
        #expect(try await cache.token(for: .sample).secret == "token-2")
        #expect(base.requests.count == 2)
    }

    @Test func `does not put what was asked for earlier in place of what a claim was answered with`() async throws {
        let (clock, gate) = (clock, Gate())
        let base = StubCredential { (request, number) async throws(CredentialError) -> AccessToken in
            if number == 2 { await gate.wait() }
            return .sample("token-\(number)", lasting: 3600, from: clock)
        }
        let cache = cache(base)
        _ = try await cache.token(for: .sample)
        clock.advance(by: .seconds(3301))
        _ = try await cache.token(for: .sample)
        await gate.waitForArrivals()
        var challenged = TokenRequest.sample
        challenged.claims = #"{"access_token":{}}"#
        #expect(try await cache.token(for: challenged).secret == "token-3")
        gate.open()
        while cache.isFetching { await Task.yield() }
        #expect(try await cache.token(for: .sample).secret == "token-3")
    }

    @Test func `renews no more often than its pause allows, whatever time the issuer named`() async throws {
        let clock = clock
        let base = StubCredential { (request, number) async throws(CredentialError) -> AccessToken in
            AccessToken(
                secret: "token-\(number)", expiresAt: clock.now.addingTimeInterval(3600),
                refreshAt: clock.now.addingTimeInterval(-60))
        }
        let cache = cache(base)
        for _ in 0..<10 {
            _ = try await cache.token(for: .sample)
            while cache.isFetching { await Task.yield() }
        }
        #expect(base.requests.count == 1)
        clock.advance(by: .seconds(31))
        for _ in 0..<10 {
            _ = try await cache.token(for: .sample)
            while cache.isFetching { await Task.yield() }
        }
        #expect(base.requests.count == 2)
    }

    @Test func `serves the old token while it is good, also where nothing to ask is found any more`() async throws {
        let clock = clock
        let base = StubCredential { (request, number) async throws(CredentialError) -> AccessToken in
            if number > 1 { throw .unavailable("the endpoint has gone") }
            return .sample("token-1", lasting: 3600, from: clock)
        }
        let cache = cache(base)
        _ = try await cache.token(for: .sample)
        clock.advance(by: .seconds(1800))
        var longer = TokenRequest.sample
        longer.minimumValidity = .seconds(1801)
        #expect(try await cache.token(for: longer).secret == "token-1")
        clock.advance(by: .seconds(1800))
        let error = await #expect(throws: CredentialError.self) { try await cache.token(for: longer) }
        #expect(error?.kind == "unavailable")
    }

    @Test func `forgets what a credential further down keeps, too`() async throws {
        let base = counting()
        let chain = CredentialChain(StubCredential("absent", .failure(.unavailable("no"))), cache(base))
        let cache = cache(chain)
        for _ in 0..<3 { #expect(try await cache.token(for: .sample).secret == "token-1") }
        await cache.forgetToken(for: .sample)
        #expect(try await cache.token(for: .sample).secret == "token-2")
    }

    @Test func `forgets a token on request`() async throws {
        let cache = cache(counting())
        _ = try await cache.token(for: .sample)
        await cache.forgetToken(for: .sample)
        #expect(try await cache.token(for: .sample).secret == "token-2")
    }

    @Test func `forgets the token that was turned down, and none that came since`() async throws {
        let cache = cache(counting())
        let first = try await cache.token(for: .sample)
        await cache.forgetToken(for: .sample)
        let second = try await cache.token(for: .sample)
        await cache.forgetToken(for: .sample, ifStill: first)
        #expect(try await cache.token(for: .sample) == second)
    }

    @Test func `keeps nothing of a fetch that had begun before its token was turned down`() async throws {
        let clock = clock
        let gate = AsyncStream<Void>.makeStream()
        let base = StubCredential { (request, number) async throws(CredentialError) -> AccessToken in
            if number == 1 { for await _ in gate.stream { break } }
            return .sample("token-\(number)", lasting: 3600, from: clock)
        }
        let cache = cache(base)
        async let early = cache.token(for: .sample)
        while base.requests.isEmpty { await Task.yield() }
        await cache.forgetToken(for: .sample)
        // Whoever asks now does not wait for that fetch.
        #expect(try await cache.token(for: .sample).secret == "token-2")
        gate.continuation.yield()
        #expect(try await early.secret == "token-1")
        #expect(try await cache.token(for: .sample).secret == "token-2")
    }

    @Test func `does not believe a token from before the clock was set back`() async throws {
        let cache = cache(counting())
        _ = try await cache.token(for: .sample)
        clock.advance(by: .seconds(-3600))
        #expect(try await cache.token(for: .sample).secret == "token-2")
    }

    @Test(arguments: [1.0, 5, 60, 65])
    func `uses tokens of a very short life`(life: Double) async throws {
        let base = counting(lasting: life)
        let cache = cache(base)
        _ = try await cache.token(for: .sample)
        _ = try await cache.token(for: .sample)
        #expect(base.requests.count == 1)
    }

    @Test func `releases a cancelled caller at once and fetches on for the others`() async throws {
        let (clock, gate) = (clock, Gate())
        let base = StubCredential { (request, number) async throws(CredentialError) -> AccessToken in
            await gate.wait()
            if Task.isCancelled { throw .cancelled }
            return .sample("token-\(number)", lasting: 3600, from: clock)
        }
        let cache = cache(base)
        let patient = Task { try await cache.token(for: .sample).secret }
        await gate.waitForArrivals()
        let hasty = Task { try await cache.token(for: .sample).secret }
        while cache.waiters < 2 { await Task.yield() }
        hasty.cancel()
        let error = await #expect(throws: CredentialError.self) { try await hasty.value }
        #expect(error?.kind == "cancelled")
        gate.open()
        #expect(try await patient.value == "token-1")
        #expect(base.requests.count == 1)
    }

    @Test func `ends the fetch when the last caller has left, and starts anew for the next`() async throws {
        let clock = clock
        let base = StubCredential { (request, number) async throws(CredentialError) -> AccessToken in
            if number > 1 { return .sample("token-\(number)", lasting: 3600, from: clock) }
            do {
                try await clock.sleep(for: .seconds(1_000_000))
            } catch {
                throw .cancelled
            }
            throw .failed("woken")
        }
        let cache = cache(base)
        let first = Task { try await cache.token(for: .sample).secret }
        await clock.waitForSleepers()
        first.cancel()
        await #expect(throws: CredentialError.self) { try await first.value }
        while !clock.deadlines.isEmpty { await Task.yield() }
        #expect(try await cache.token(for: .sample).secret == "token-2")
    }

    @Test func `asks a credential that keeps its tokens itself every time, in a chain too`() async throws {
        let clock = clock
        struct Keeping: TokenKeeping {
            let base: StubCredential
            var name: String { base.name }
            func token(for request: TokenRequest) async throws(CredentialError) -> AccessToken {
                try await base.token(for: request)
            }
        }
        let base = StubCredential { (request, number) async throws(CredentialError) -> AccessToken in
            .sample("token-\(number)", lasting: 3600, from: clock)
        }
        let cache = cache(CredentialChain(Keeping(base: base)))
        _ = try await cache.token(for: .sample)
        #expect(try await cache.token(for: .sample).secret == "token-2")
        #expect(try await cache.token(for: .sample).secret == "token-3")
    }

    @Test func `calls it a failure when the source gives up unasked`() async {
        let cache = cache(StubCredential("idle", .failure(.cancelled)))
        let error = await #expect(throws: CredentialError.self) { try await cache.token(for: .sample) }
        #expect(error?.kind == "failed")
    }

    @Test func `weathers a storm of callers who come and go`() async {
        let clock = clock
        let base = StubCredential { (request, number) async throws(CredentialError) -> AccessToken in
            await Task.yield()
            return .sample("token-\(number)", lasting: 3600, from: clock)
        }
        let cache = cache(base)
        let answered = await withTaskGroup(of: Bool.self) { group in
            for index in 0..<4000 {
                group.addTask {
                    let task = Task { try await cache.token(for: TokenRequest("scope-\(index % 7)")) }
                    if index % 3 == 0 { task.cancel() }
                    if case .success = await task.result { return true }
                    return false
                }
            }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(answered >= 2666)
        #expect(cache.waiters == 0)
    }
}
