import CredentialHTTP
import CredentialTesting
import EnvironmentCredentials
import FoundationEssentials
import Testing
import TokenCredentials

@Suite struct `The text of a client secret` {
    private func credential(_ secret: String, _ http: ScriptedTransport) -> ClientSecretCredential {
        ClientSecretCredential(
            tenant: "contoso.example", clientID: client, secret: secret, http: http, clock: ManualClock())
    }

    @Test(arguments: ["hush~1\n", "hush~1\r\n", "\nhush~1", "hush~1\n\n"])
    func `is sent without the line ends that no client secret holds`(_ secret: String) async throws {
        let http = ScriptedTransport(.success(.text(goodReply)))
        _ = try await credential(secret, http).token(for: TokenRequest(scope))
        #expect(http.requests.first?.sentField("client_secret") == "hush~1")
    }

    @Test(arguments: [" hush~1 ", "\"hush~1\"", "hush 1"])
    func `is sent as it is where it could be one`(_ secret: String) async throws {
        let http = ScriptedTransport(.success(.text(goodReply)))
        _ = try await credential(secret, http).token(for: TokenRequest(scope))
        let sent = http.requests.first?.sentForm.first { $0.hasPrefix("client_secret=") }
        #expect(sent == "client_secret=\(secret)")
    }

    @Test(arguments: ["hush\n1", "hush\t1", "hushé", "hush\u{7F}", "\u{FEFF}hush"])
    func `is refused with characters that no client secret holds`(_ secret: String) async {
        let http = ScriptedTransport()
        let error = await failure(of: credential(secret, http))
        #expect(error?.diagnosis?.kind == .misconfigured)
        #expect(error?.diagnosis?.problem == "the client secret holds a character that no client secret holds")
        #expect(http.requests.isEmpty)
        #expect(!everythingShown(of: error as Any).contains("hush"))
    }

    @Test(arguments: ["\n", "\r\n"])
    func `is empty without its line end`(_ secret: String) async {
        let error = await failure(of: credential(secret, ScriptedTransport()))
        #expect(error?.diagnosis?.problem == "the client secret is empty")
    }

    @Test(arguments: [("\"hush~1\"", true), ("'hush~1'", true), ("hush~1", false), ("\"hush~1", false), ("\"", false)])
    func `is said to stand in quotation marks where it was refused`(_ secret: String, isSaid: Bool) async {
        let refusal = HTTPResponse.text(#"{"error":"invalid_client","error_codes":[7000215]}"#, status: 401)
        let error = await failure(of: credential(secret, ScriptedTransport(.success(refusal))))
        #expect(error?.diagnosis?.remedy?.contains("quotation marks") == isSaid)
        #expect(!everythingShown(of: error as Any).contains("hush"))
    }
}
