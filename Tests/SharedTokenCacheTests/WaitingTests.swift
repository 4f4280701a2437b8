import CredentialTesting
import Foundation
import SharedTokenCache
import Testing
import TokenCredentials

@Suite struct `Waiting for another process` {
    let workshop: Workshop
    let request = TokenRequest(Workshop.scope)

    init() throws { workshop = try Workshop() }

    /// A credential that answers when it is told to.
    private func gated(
        _ gate: AsyncStream<Void>, _ outcome: Result<AccessToken, CredentialError>
    ) -> StubCredential {
        @Sendable func answer(_ request: TokenRequest, _ number: Int) async throws(CredentialError) -> AccessToken {
            for await _ in gate { break }
            if Task.isCancelled { throw .cancelled }
            return try outcome.get()
        }
        return StubCredential("stub", answer: answer)
    }

    private var token: AccessToken {
        AccessToken(secret: "one", expiresAt: workshop.clock.now.addingTimeInterval(3600))
    }

    /// Starts a holder that asks, and a waiter that has begun to wait.
    private func meet(
        _ outcome: Result<AccessToken, CredentialError>, waiter: StubCredential, patience: Duration = .seconds(20)
    ) async throws -> (
        open: AsyncStream<Void>.Continuation, holder: Task<AccessToken, any Error>,
        waiting: Task<AccessToken, any Error>
    ) {
        let (gate, open) = AsyncStream.makeStream(of: Void.self)
        let holding = gated(gate, outcome)
        let holder = Task { try await workshop.shared(holding).token(for: request) }
        while holding.requests.isEmpty { await Task.yield() }
        let waiting = Task { try await workshop.shared(waiter, patience: patience).token(for: request) }
        await workshop.clock.waitForSleepers(1)
        return (open, holder, waiting)
    }

    @Test func `brings its token`() async throws {
        let waiter = workshop.source()
        let (open, holder, waiting) = try await meet(.success(token), waiter: waiter)
        open.yield()
        #expect(try await holder.value.secret == "one")
        workshop.clock.advance(by: .seconds(1))
        #expect(try await waiting.value.secret == "one")
        #expect(waiter.requests.isEmpty)
    }

    @Test func `brings its failure, which nobody who comes later believes`() async throws {
        let waiter = workshop.source()
        let failure = CredentialError.failed(
            Diagnosis(
                "throttled", remedy: "Wait.", kind: .temporary, retryAfter: .seconds(7),
                facts: [Diagnosis.Fact("HTTP status", "429")]))
        let (open, holder, waiting) = try await meet(.failure(failure), waiter: waiter)
        open.yield()
        await #expect(throws: CredentialError.self) { try await holder.value }
        workshop.clock.advance(by: .seconds(1))
        let error = await #expect(throws: CredentialError.self) { try await waiting.value }
        #expect(error?.description == failure.description)
        #expect(error?.diagnosis?.retryAfter == .seconds(7))
        #expect(error?.diagnosis?.kind == .temporary)
        #expect(waiter.requests.isEmpty)
        _ = try await workshop.shared(waiter).token(for: request)
        #expect(waiter.requests.count == 1)
    }

    @Test func `ends when that one is cancelled`() async throws {
        let waiter = workshop.source()
        let (_, holder, waiting) = try await meet(.success(token), waiter: waiter)
        holder.cancel()
        await #expect(throws: CredentialError.self) { try await holder.value }
        workshop.clock.advance(by: .seconds(1))
        #expect(try await waiting.value.secret == "s3cr3t-1")
        #expect(waiter.requests.count == 1)
    }

    @Test func `ends when patience does`() async throws {
        let waiter = workshop.source()
        let (open, holder, waiting) = try await meet(.success(token), waiter: waiter, patience: .milliseconds(5))
        workshop.clock.advance(by: .seconds(1))
        #expect(try await waiting.value.secret == "s3cr3t-1")
        open.yield()
        _ = try await holder.value
    }

    @Test func `ends when the waiter is cancelled`() async throws {
        let waiter = workshop.source()
        let (open, holder, waiting) = try await meet(.success(token), waiter: waiter)
        waiting.cancel()
        await #expect(throws: CredentialError.self) { try await waiting.value }
        #expect(waiter.requests.isEmpty)
        open.yield()
        #expect(try await holder.value.secret == "one")
    }

    @Test func `is not needed while the old token is good`() async throws {
        _ = try await workshop.shared(workshop.source()).token(for: request)
        workshop.clock.advance(by: .seconds(3400))
        let (gate, open) = AsyncStream.makeStream(of: Void.self)
        let holding = gated(gate, .success(token))
        let holder = Task { try await workshop.shared(holding).token(for: request) }
        while holding.requests.isEmpty { await Task.yield() }
        let other = workshop.source()
        #expect(try await workshop.shared(other).token(for: request).secret == "s3cr3t-1")
        #expect(other.requests.isEmpty)
        open.yield()
        #expect(try await holder.value.secret == "one")
    }
}
