import CredentialTesting
import Foundation
import Testing
import TokenCredentials

@testable import RDSCredentials

@Suite struct `The RDS credential` {
    /// A token as botocore makes it; `make-vectors.py` writes them.
    struct Vector: Decodable {
        let host: String
        let port: Int
        let user: String
        let region: String
        let keyID: String
        let key: String
        let session: String?
        let time: Double
        let token: String
    }

    static let vectors: [Vector] = {
        guard let url = Bundle.module.url(forResource: "vectors", withExtension: "json"),
            let data = try? Data(contentsOf: url)
        else { return [] }
        return (try? JSONDecoder().decode([Vector].self, from: data)) ?? []
    }()

    @Test func `signs as botocore does`() async throws {
        #expect(Self.vectors.count >= 8)
        for vector in Self.vectors {
            var environment: ProcessEnvironment = [
                "AWS_ACCESS_KEY_ID": vector.keyID, "AWS_SECRET_ACCESS_KEY": vector.key,
            ]
            environment["AWS_SESSION_TOKEN"] = vector.session
            let clock = ManualClock(now: Date(timeIntervalSince1970: vector.time))
            let token = try await RDSCredential(
                host: vector.host, port: vector.port, user: vector.user, region: vector.region,
                environment: environment, clock: clock
            ).token(for: TokenRequest("https://db.example/.default"))
            #expect(token.secret == vector.token)
            #expect(token.user == vector.user && token.expiresAt == clock.now.addingTimeInterval(900))
        }
    }

    @Test(arguments: [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (String(repeating: "a", count: 1_000), "41edece42d63e8d9bf515a9ba6932e1c20cbc9f5a5d134645adb5db1b9737ea3"),
    ])
    func `hashes as the standard says`(_ text: String, _ digest: String) {
        #expect(SHA256.hash(Array(text.utf8)).map { String(format: "%02x", $0) }.joined() == digest)
    }

    @Test func `does not apply without a key, and fails with half of one`() async {
        let request = TokenRequest("https://db.example/.default")
        func credential(_ environment: ProcessEnvironment) -> RDSCredential {
            RDSCredential(host: "db.example", user: "api", region: "eu-west-1", environment: environment)
        }
        await #expect { try await credential([:]).token(for: request) } throws: {
            if case CredentialError.unavailable = $0 { true } else { false }
        }
        await #expect { try await credential(["AWS_ACCESS_KEY_ID": "AK"]).token(for: request) } throws: {
            if case CredentialError.failed = $0 { true } else { false }
        }
    }
}
