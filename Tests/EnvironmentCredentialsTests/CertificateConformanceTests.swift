import CredentialHTTP
import CredentialTesting
import EnvironmentCredentials
import Foundation
import Testing
import TokenCredentials

@Suite struct `A client certificate among the variables` {
    /// Within the life of the certificates made for these tests.
    private static let start = Date(timeIntervalSince1970: Date.now.timeIntervalSince1970.rounded() + 3600)
    private static let clock = HastyClock(now: start)

    private static func http(_ situation: CredentialConformance.Situation) -> any HTTPTransport {
        switch situation {
        case .silent: return StubTransport.silent
        case .nothingConfigured: return StubTransport(.failure(.connectTimeout))
        case .configured, .stale:
            let seconds = situation == .stale ? -3600 : 3600
            return StubTransport(
                .success(.text(#"{"token_type":"Bearer","access_token":"hush-token","expires_in":\#(seconds)}"#)))
        }
    }

    @Test func `keeps every rule for credentials`() async {
        let file = KeyFiles.shared["pkcs8-encrypted.pem", "leaf.pem"]
        let files = MemoryFiles(["/etc/app.pem": String(decoding: file, as: UTF8.self)])
        let conformance = CredentialConformance(
            environment: [
                "AZURE_TENANT_ID": "contoso.example", "AZURE_CLIENT_ID": client,
                "AZURE_CLIENT_CERTIFICATE_PATH": "/etc/app.pem", "AZURE_CLIENT_CERTIFICATE_PASSWORD": KeyFiles.password,
            ], secrets: ["hush-token", KeyFiles.password], clock: Self.clock)
        let found = await conformance.violations { situation, environment in
            EnvironmentCredential(
                environment: environment, files: files, http: Self.http(situation), clock: Self.clock)
        }
        #expect(found == [])
    }
}
