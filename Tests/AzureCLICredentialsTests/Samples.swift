import CommandCredentials
import CredentialTesting
import FoundationEssentials
import TokenCredentials

extension TokenRequest {
    static let sample = TokenRequest("https://ossrdbms-aad.database.windows.net/.default")
}

/// What `az` prints, good for an hour from the manual clock's start unless said otherwise.
func reply(_ token: String = "token-1", expiresOn: Int = 1_700_003_600) -> String {
    """
    {
      "accessToken": "\(token)",
      "expiresOn": "2023-11-14 23:13:20.000000",
      "expires_on": \(expiresOn),
      "subscription": "00000000-0000-0000-0000-000000000001",
      "tenant": "00000000-0000-0000-0000-000000000002",
      "tokenType": "Bearer"
    }
    """
}

extension ScriptedRunner {
    /// A machine with `az`, which answers in turn.
    static func az(_ outcomes: Result<CommandOutput, CommandError>...) -> ScriptedRunner {
        ScriptedRunner(
            programs: ["az": "/usr/bin/az"],
            answers: outcomes.map { outcome in
                @Sendable func answer(_ command: Command) async throws(CommandError) -> CommandOutput {
                    try outcome.get()
                }
                return answer
            })
    }

    /// A machine with `az`, which prints `token-1`, `token-2`, … good for an hour each.
    static func azPrintingTokens(_ count: Int, until clock: ManualClock) -> ScriptedRunner {
        ScriptedRunner(
            programs: ["az": "/usr/bin/az"],
            answers: (1...count).map { number in
                @Sendable func answer(_ command: Command) async throws(CommandError) -> CommandOutput {
                    let end = Int(clock.now.timeIntervalSince1970) + 3600
                    return CommandOutput(reply("token-\(number)", expiresOn: end))
                }
                return answer
            })
    }
}

/// What a credential threw: class and diagnosis.
func failure(
    of credential: some TokenCredential, for request: TokenRequest = .sample
) async -> (kind: String, diagnosis: Diagnosis)? {
    do throws(CredentialError) {
        _ = try await credential.token(for: request)
        return nil
    } catch {
        switch error {
        case .unavailable(let diagnosis): return ("unavailable", diagnosis)
        case .failed(let diagnosis): return ("failed", diagnosis)
        case .cancelled: return ("cancelled", Diagnosis("cancelled"))
        }
    }
}

/// Everything an error shows anywhere.
func shown(_ diagnosis: Diagnosis) -> String {
    var text = "\(diagnosis) \(String(reflecting: diagnosis)) "
    dump(diagnosis, to: &text)
    return text
}
