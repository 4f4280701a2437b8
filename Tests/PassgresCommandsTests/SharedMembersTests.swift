import CredentialTesting
import Foundation
import Testing
import TokenCredentials

@testable import PassgresCommands

@Suite struct `A token that commands share` {
    /// Says by its token how often it was asked.
    private final class Machine: TokenCredential {
        let name = "managed-identity"
        private let asked = Guarded(0)

        func token(for request: TokenRequest) async throws(CredentialError) -> AccessToken {
            let number = asked.withLock { count in
                count += 1
                return count
            }
            return AccessToken(secret: "eyJ\(number)", expiresAt: Date(timeIntervalSinceNow: 3_600))
        }
    }

    @Test(arguments: [
        "AZURE_CLIENT_ID", "DEFAULT_IDENTITY_CLIENT_ID", "IDENTITY_ENDPOINT", "IMDS_ENDPOINT", "MSI_ENDPOINT",
        "AZURE_POD_IDENTITY_AUTHORITY_HOST",
    ])
    func `is not another identity's, whatever names that`(variable: String) async throws {
        let path = FileManager.default.temporaryDirectory.path + "/passgres-test-\(UUID().uuidString)"
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
        defer { try? FileManager.default.removeItem(atPath: path) }
        let machine = Machine()
        func secret(_ value: String) async throws -> String {
            let environment = ProcessEnvironment(["XDG_RUNTIME_DIR": path, variable: value])
            let credential = SharedMembers.sharing(machine, environment)
            return try await credential.token(for: TokenRequest("https://db.example/.default")).secret
        }
        #expect(try await secret("one") == "eyJ1")
        #expect(try await secret("two") == "eyJ2")
        #expect(try await secret("one") == "eyJ1")
    }
}
