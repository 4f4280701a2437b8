import CoreMetrics
import CredentialObservability
import CredentialTesting
import MetricsTestKit
import Testing
import TokenCredentials

@Suite struct `A measured credential` {
    @Test(arguments: outcomes.indices)
    func `times every answer by its outcome`(_ index: Int) async throws {
        let (credential, outcome) = outcomes[index]
        let metrics = TestMetrics()
        let measured = MeasuredCredential(
            credential, as: "postgres_token", in: metrics, clock: ManualClock(now: sampleTime))
        _ = try? await measured.token(for: sampleRequest)
        _ = try? await measured.token(for: sampleRequest)
        for word in ["token", "unavailable", "failed", "cancelled"] {
            let timer = try metrics.expectTimer("postgres_token", [("credential", "stub"), ("outcome", word)])
            #expect(timer.values.count == (word == outcome ? 2 : 0))
        }
        let gauge = try metrics.expectGauge("postgres_token_seconds_left", [("credential", "stub")])
        #expect(gauge.lastValue == (outcome == "token" ? 3600 : nil))
    }

    @Test func `tells outside and inside of a cache what the cache answered`() async throws {
        let metrics = TestMetrics()
        let fetched = outcomes[0].credential.measured(as: "fetched", in: metrics)
        let asked = CachedCredential(fetched, clock: ManualClock(now: sampleTime)).measured(as: "asked", in: metrics)
        for _ in 1...5 { _ = try await asked.token(for: sampleRequest) }
        let dimensions = [("credential", "stub"), ("outcome", "token")]
        #expect(try metrics.expectTimer("asked", dimensions).values.count == 5)
        #expect(try metrics.expectTimer("fetched", dimensions).values.count == 1)
    }

    @Test func `keeps its tokens if the other does`() {
        #expect(MeasuredCredential(outcomes[0].credential.cached(), as: "x").keepsTokens)
        #expect(!MeasuredCredential(outcomes[0].credential, as: "x").keepsTokens)
    }
}
