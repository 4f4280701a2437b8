import CredentialHTTP
import CredentialTesting
import DeviceCodeCredentials
import FoundationEssentials
import TokenCredentials

let scope = "https://ossrdbms-aad.database.windows.net/.default"
let start = Date(timeIntervalSince1970: 1_700_000_000)
let client = DeviceCodeCredential.azureCLIClientID

/// A clock that moves on by itself as soon as anybody waits for it, and remembers for how long.
final class LeapingClock: WallClock {
    private let state = Guarded<(now: Date, waits: [Double])>((start, []))

    var now: Date { state.withLock { $0.now } }
    /// How long was waited each time, in seconds.
    var waits: [Double] { state.withLock { $0.waits } }

    func sleep(until deadline: Date) async throws(CancellationError) {
        state.withLock { state in
            state.waits.append(deadline.timeIntervalSince(state.now))
            state.now = max(state.now, deadline)
        }
    }
}

/// What was shown and reported, in order.
final class Witness: Sendable {
    private let state = Guarded<(prompts: [DeviceCodePrompt], reports: [Diagnosis])>(([], []))
    var prompts: [DeviceCodePrompt] { state.withLock { $0.prompts } }
    var reports: [Diagnosis] { state.withLock { $0.reports } }
    func see(_ prompt: DeviceCodePrompt) { state.withLock { $0.prompts.append(prompt) } }
    func hear(_ report: Diagnosis) { state.withLock { $0.reports.append(report) } }
}

func credential(
    _ http: ScriptedTransport, _ clock: any WallClock = LeapingClock(), store: (any SecretStore)? = nil,
    witness: Witness = Witness()
) -> DeviceCodeCredential {
    DeviceCodeCredential(
        keepingSignInIn: store, http: http, clock: clock, reporting: { witness.hear($0) },
        prompt: { witness.see($0) })
}

func code(
    _ numbers: String = #","expires_in":900,"interval":5"#, userCode: String = "ABCD12345",
    uri: String = "https://microsoft.com/devicelogin", message: String = "Do it."
) -> Result<HTTPResponse, HTTPTransportError> {
    .success(
        .text(
            #"{"user_code":"\#(userCode)","device_code":"hush-device","verification_uri":"\#(uri)","#
                + #""message":"\#(message)"\#(numbers)}"#))
}

func refusal(_ error: String, code: Int? = nil, more: String = "") -> Result<HTTPResponse, HTTPTransportError> {
    .success(
        .text(#"{"error":"\#(error)""# + (code.map { #","error_codes":[\#($0)]"# } ?? "") + more + "}", status: 400))
}

let pending = refusal("authorization_pending", code: 70016)

func token(refreshToken: String? = "hush-refresh-1") -> Result<HTTPResponse, HTTPTransportError> {
    .success(
        .text(
            #"{"token_type":"Bearer","expires_in":3599,"access_token":"hush-access""#
                + (refreshToken.map { #","refresh_token":"\#($0)""# } ?? "") + "}"))
}

extension ScriptedTransport {
    convenience init(all outcomes: [Result<HTTPResponse, HTTPTransportError>]) {
        self.init(
            outcomes.map { outcome in
                @Sendable func answer(_ request: HTTPRequest) async throws(HTTPTransportError) -> HTTPResponse {
                    try outcome.get()
                }
                return answer
            })
    }
}

/// The error a credential ends with; `nil` if it delivers.
func failure(_ credential: DeviceCodeCredential, _ request: TokenRequest = TokenRequest(scope)) async
    -> CredentialError?
{
    do throws(CredentialError) {
        _ = try await credential.token(for: request)
        return nil
    } catch {
        return error
    }
}
