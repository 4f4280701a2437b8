import FoundationEssentials
import Glibc
import ManagedIdentityCredentials
import SharedTokenCache
import TokenCredentials

// Asks once for a token of the machine's identity, through the shared cache, together with many others.
//
//   TokenAsker DIRECTORY GATE
//
// Says "ready", and asks as soon as nobody holds an exclusive lock on the file GATE. Says "asking" before the metadata
// service is asked, and then "token" with a digest of it, or "failed" with the reason.

func say(_ text: String) {
    let bytes = Array((text + "\n").utf8)
    _ = bytes.withUnsafeBytes { write(STDOUT_FILENO, $0.baseAddress, $0.count) }
}

struct Announced: TokenCredential {
    let base: any TokenCredential
    var name: String { base.name }

    func token(for request: TokenRequest) async throws(CredentialError) -> AccessToken {
        say("asking")
        return try await base.token(for: request)
    }
}

let arguments = CommandLine.arguments
let gate = open(arguments[2], O_RDONLY | O_CLOEXEC)
say("ready")
flock(gate, LOCK_SH)

let environment = ProcessEnvironment.current
let credential = SharedTokenCredential(
    Announced(base: ManagedIdentityCredential(environment: environment, patience: .persistent)),
    of: SharedTokenIdentity("system-assigned", authority: environment["AZURE_POD_IDENTITY_AUTHORITY_HOST"]),
    in: SharedTokenDirectory(arguments[1]))
do throws(CredentialError) {
    let token = try await credential.token(for: TokenRequest("https://ossrdbms-aad.database.windows.net/.default"))
    say("token \(token.secret.utf8.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x0100_0000_01b3 })")
} catch {
    say("failed \(error.diagnosis?.problem ?? "cancelled")")
    exit(1)
}
