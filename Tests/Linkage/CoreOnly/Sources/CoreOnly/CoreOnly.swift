import Foundation
import TokenCredentials

/// A credential as a stranger writes one.
struct FixedCredential: TokenCredential {
    let name = "fixed"

    func token(for request: TokenRequest) async throws(CredentialError) -> AccessToken {
        AccessToken(secret: "fixed", expiresAt: Date.now.addingTimeInterval(60))
    }
}

@main
struct CoreOnly {
    static func main() async throws {
        let credential = CredentialChain(FixedCredential()).cached()
        print(try await credential.token(for: TokenRequest("https://db.example/.default")))
    }
}
