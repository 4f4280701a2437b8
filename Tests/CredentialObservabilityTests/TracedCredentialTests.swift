import CredentialObservability
import CredentialTesting
import InMemoryTracing
import Testing
import TokenCredentials
import Tracing

@Suite struct `A traced credential` {
    @Test(arguments: outcomes.indices)
    func `is a span for every answer`(_ index: Int) async throws {
        let (credential, outcome) = outcomes[index]
        let tracer = InMemoryTracer()
        _ = try? await credential.traced(to: tracer).token(for: sampleRequest)
        let span = try #require(tracer.popFinishedSpans().first)
        #expect(span.operationName == "token stub")
        #expect(span.kind == .client)
        #expect(span.attributes.get("outcome") == .string(outcome))
        #expect(span.attributes.get("scopes") == .string(sampleRequest.scopes.joined(separator: " ")))
        #expect((span.status?.code == .error) == (outcome == "failed"))
        #expect(span.errors.count == (outcome == "failed" ? 1 : 0))
        #expect(!"\(span)".contains(secret))
    }

    @Test func `is the parent of what it asks`() async throws {
        let tracer = InMemoryTracer()
        let chain = CredentialChain(
            outcomes[1].credential.traced(to: tracer), outcomes[0].credential.traced(to: tracer))
        _ = try await chain.traced(to: tracer).token(for: sampleRequest)
        let spans = tracer.popFinishedSpans()
        #expect(spans.map { $0.attributes.get("outcome") } == ["unavailable", "token", "token"].map { .string($0) })
        let parent = try #require(spans.last)
        #expect(spans.dropLast().allSatisfy { $0.parentSpanID == parent.spanID })
    }
}
