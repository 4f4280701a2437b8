import CredentialHTTP
import CredentialTesting
import Testing
import TokenCredentials

@testable import ManagedIdentityCredentials

private typealias Arc = `The Azure Arc agent`

@Suite struct `Managed identity on Azure Arc` {
    private static let clock = HastyClock()

    /// What the agent answers in a situation: a challenge first, and a token to whoever read the file.
    private static func agent(_ situation: CredentialConformance.Situation) -> any HTTPTransport {
        let start = 1_700_000_000
        @Sendable func answer(_ request: HTTPRequest) async throws(HTTPTransportError) -> HTTPResponse {
            guard request.header("Authorization") == "Basic hush-key" else {
                return Arc.challenge("Basic realm=\(Arc.path)")
            }
            let end = situation == .stale ? start - 3600 : start + 3600
            return .text(#"{"access_token":"hush-token","expires_on":"\#(end)","token_type":"Bearer"}"#)
        }
        switch situation {
        case .silent: return StubTransport.silent
        case .nothingConfigured: return StubTransport(.failure(.connectTimeout))
        case .configured, .stale: return StubTransport(answer)
        }
    }

    @Test func `keeps every rule for credentials`() async {
        let conformance = CredentialConformance(
            environment: Arc.environment, secrets: ["hush-key", "hush-token"], clock: Self.clock)
        let found = await conformance.violations { situation, environment in
            ManagedIdentityCredential(
                nil, environment: environment, files: MemoryFiles(), http: Self.agent(situation), clock: Self.clock,
                patience: .probing(.seconds(1)), keys: MemoryKeys(keys: ["7b1e.key": "hush-key"]))
        }
        #expect(found == [])
    }
}
