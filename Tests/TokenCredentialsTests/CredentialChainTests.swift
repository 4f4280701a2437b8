import CredentialTesting
import FoundationEssentials
import Testing
import TokenCredentials

@Suite struct `A credential chain` {
    let clock = ManualClock()
    var good: StubCredential { StubCredential("good", .success(.sample(lasting: 3600, from: clock))) }
    var absent: StubCredential { StubCredential("absent", .failure(.unavailable("nothing is set"))) }
    var broken: StubCredential {
        StubCredential(
            "broken", .failure(.failed(Diagnosis("the secret is wrong", remedy: "Make a new one.", kind: .refused))))
    }

    @Test func `passes over what does not apply`() async throws {
        let chain = CredentialChain(absent, good)
        #expect(try await chain.token(for: .sample).secret == "secret-1")
        #expect(chain.settledName == "good")
    }

    @Test func `stops at the first failure and asks nobody after it`() async {
        let after = good
        let error = await #expect(throws: CredentialError.self) {
            try await CredentialChain(absent, broken, after).token(for: .sample)
        }
        #expect(error?.kind == "failed")
        #expect(error?.diagnosis?.problem == "broken: the secret is wrong")
        #expect(error?.diagnosis?.remedy == "Make a new one.")
        #expect(error?.diagnosis?.attempts.map(\.name) == ["absent", "broken"])
        #expect(after.requests.isEmpty)
    }

    @Test func `keeps every answer, in order and with its duration, when nobody applies`() async {
        let slow = StubCredential("slow") { (request, number) async throws(CredentialError) -> AccessToken in
            await Task.yield()
            throw .unavailable("not here")
        }
        let error = await #expect(throws: CredentialError.self) {
            try await CredentialChain(absent, slow).token(for: .sample)
        }
        #expect(error?.kind == "unavailable")
        let attempts = error?.diagnosis?.attempts ?? []
        #expect(attempts.map(\.name) == ["absent", "slow"])
        #expect(attempts.allSatisfy { $0.duration > .zero })
        #expect(error.map { "\($0)" }?.contains("absent: not available here: nothing is set") == true)
    }

    @Test func `asks only the one it settled on`() async throws {
        let first = absent
        let second = good
        let chain = CredentialChain(first, second)
        _ = try await chain.token(for: .sample)
        _ = try await chain.token(for: .sample)
        #expect(first.requests.count == 1)
        #expect(second.requests.count == 2)
    }

    @Test func `does not become somebody else when the one it settled on has a hiccup`() async throws {
        let clock = clock
        let fickle = StubCredential("fickle") { (request, number) async throws(CredentialError) -> AccessToken in
            if number == 1 { return .sample(lasting: 3600, from: clock) }
            throw .unavailable("gone")
        }
        let other = good
        let chain = CredentialChain(fickle, other)
        _ = try await chain.token(for: .sample)
        let error = await #expect(throws: CredentialError.self) { try await chain.token(for: .sample) }
        #expect(error?.kind == "failed")
        #expect(error?.diagnosis?.problem.contains("fickle") == true)
        #expect(other.requests.isEmpty)
    }

    @Test func `has a sentence of its own for an empty list`() async {
        let error = await #expect(throws: CredentialError.self) { try await CredentialChain([]).token(for: .sample) }
        #expect(error?.diagnosis?.problem == "the list of credentials is empty")
    }

    @Test func `passes a cancellation on without counting it as an answer`() async {
        let cancelled = StubCredential("cancelled", .failure(.cancelled))
        let error = await #expect(throws: CredentialError.self) {
            try await CredentialChain(cancelled, good).token(for: .sample)
        }
        #expect(error?.kind == "cancelled")
    }

    @Test func `asks everybody for a report, and settles on nobody by it`() async {
        let chain = CredentialChain(broken, absent, good)
        let report = await chain.report(for: .sample)
        #expect(report.map(\.name) == ["broken", "absent", "good"])
        #expect(chain.settledName == nil)
    }
}
