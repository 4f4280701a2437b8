import CredentialHTTP
import CredentialTesting
import FoundationEssentials
import Testing
import TokenCredentials

@testable import CloudSQLCredentials

@Suite struct `The Cloud SQL credential` {
    static let path = "/computeMetadata/v1/instance/service-accounts/default"
    let clock = ManualClock()
    let request = TokenRequest("https://db.example/.default")

    func credential(_ server: MetadataServer) -> CloudSQLCredential {
        CloudSQLCredential(environment: ["GCE_METADATA_HOST": "127.0.0.1:\(server.port)"], clock: clock)
    }

    @Test func `asks the metadata server, over a real socket`() async throws {
        let server = try MetadataServer(answers: [
            .init("api@project.iam.gserviceaccount.com"),
            .init(#"{"access_token":"ya29.t0k3n","expires_in":3599,"token_type":"Bearer"}"#),
        ])
        let token = try await credential(server).token(for: request)
        #expect(token.secret == "ya29.t0k3n" && token.user == "api@project.iam")
        #expect(token.expiresAt == clock.now.addingTimeInterval(3599))
        let scope = "https%3A%2F%2Fwww.googleapis.com%2Fauth%2Fsqlservice.login"
        #expect(
            server.requests.map { $0.split(separator: "\r\n").first } == [
                "GET \(Self.path)/email HTTP/1.1", "GET \(Self.path)/token?scopes=\(scope) HTTP/1.1",
            ])
        #expect(server.requests.allSatisfy { $0.lowercased().contains("\r\nmetadata-flavor: google\r\n") })
    }

    @Test func `does not apply where nobody answers, or somebody else does`() async throws {
        let gone = try MetadataServer(answers: []).port
        let silent = CloudSQLCredential(environment: ["GCE_METADATA_HOST": "127.0.0.1:\(gone)"], clock: clock)
        let stranger = try MetadataServer(answers: [.init("hello", flavor: "None")])
        for credential in [silent, credential(stranger)] {
            await #expect { try await credential.token(for: request) } throws: {
                if case CredentialError.unavailable = $0 { true } else { false }
            }
        }
    }

    @Test(arguments: [("403 Forbidden", Diagnosis.Kind.refused), ("503 Busy", .temporary)])
    func `fails where it is refused`(_ status: String, _ kind: Diagnosis.Kind) async throws {
        let server = try MetadataServer(answers: [.init("s3cr3t", status: status)])
        await #expect { try await credential(server).token(for: request) } throws: {
            guard case CredentialError.failed(let diagnosis) = $0 else { return false }
            return diagnosis.kind == kind && !"\(diagnosis)".contains("s3cr3t")
        }
    }
}
