import CredentialHTTP
import CredentialTesting
import FoundationEssentials
import GitHubActionsCredentials
import Testing
import TokenCredentials

private let scope = "https://ossrdbms-aad.database.windows.net/.default"
private let client = "11111111-2222-3333-4444-555555555555"
private let goodReply = #"{"token_type":"Bearer","expires_in":3599,"access_token":"eyJ0.eyJ1.c2ln"}"#
private let jobToken =
    "eyJh.\(Data(#"{"iss":"https://token.actions","sub":"repo:o/r:ref:refs/heads/main","aud":"a"}"#.utf8).base64URL).hushsig"

private func failure(of credential: some TokenCredential) async -> CredentialError? {
    do throws(CredentialError) {
        _ = try await credential.token(for: TokenRequest(scope))
        return nil
    } catch {
        return error
    }
}

@Suite struct `The GitHub Actions credential` {
    private static let variables = [
        "ACTIONS_ID_TOKEN_REQUEST_URL": "https://run.example/token?api-version=2.0",
        "ACTIONS_ID_TOKEN_REQUEST_TOKEN": "hush-job", "AZURE_TENANT_ID": "contoso.example", "AZURE_CLIENT_ID": client,
    ]

    private func credential(_ http: ScriptedTransport, _ more: [String: String] = [:]) -> GitHubActionsCredential {
        GitHubActionsCredential(
            environment: ProcessEnvironment(Self.variables.merging(more) { $1 }), http: http, clock: ManualClock())
    }

    @Test(arguments: [
        ("", "login.microsoftonline.com", "api%3A%2F%2FAzureADTokenExchange"),
        ("login.microsoftonline.us", "login.microsoftonline.us", "api%3A%2F%2FAzureADTokenExchangeUSGov"),
        ("login.chinacloudapi.cn", "login.chinacloudapi.cn", "api%3A%2F%2FAzureADTokenExchangeChina"),
        ("login.private.example", "login.private.example", "api%3A%2F%2FAzureADTokenExchange"),
    ])
    func `exchanges the job's token, made for the cloud that is asked`(
        _ authority: String, host: String, audience: String
    ) async throws {
        let http = ScriptedTransport(
            .success(.text(#"{"count":1,"value":"\#(jobToken)"}"#)), .success(.text(goodReply)))
        let token = try await credential(http, ["AZURE_AUTHORITY_HOST": authority]).token(for: TokenRequest(scope))
        #expect(token.secret == "eyJ0.eyJ1.c2ln")
        #expect(http.requests.count == 2)
        let asked = try #require(http.requests.first)
        #expect(asked.method == .get)
        #expect(asked.url == "https://run.example/token?api-version=2.0&audience=\(audience)")
        #expect(
            asked.headers.map { "\($0.name): \($0.value)" } == [
                "Accept: application/json", "Authorization: Bearer hush-job",
            ])
        #expect(asked.body == nil)
        let sent = try #require(http.requests.last)
        #expect(sent.url == "https://\(host)/contoso.example/oauth2/v2.0/token")
        #expect(
            sent.sentForm == [
                "client_id=\(client)", "scope=\(scope)", "grant_type=client_credentials",
                "client_assertion_type=urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
                "client_assertion=\(jobToken)",
            ])
    }

    @Test(arguments: [
        ["ACTIONS_ID_TOKEN_REQUEST_URL"], ["ACTIONS_ID_TOKEN_REQUEST_TOKEN"],
        ["ACTIONS_ID_TOKEN_REQUEST_URL", "ACTIONS_ID_TOKEN_REQUEST_TOKEN"],
    ])
    func `does not apply where GitHub offers no token`(_ unset: [String]) async {
        let credential = credential(
            ScriptedTransport(), Dictionary(uniqueKeysWithValues: unset.map { ($0, "") }))
        let error = await failure(of: credential)
        guard case .unavailable(let diagnosis)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        for name in unset { #expect(diagnosis.problem.contains(name)) }
        #expect(diagnosis.remedy?.contains("id-token: write") == true)
    }

    @Test(arguments: [
        (["AZURE_TENANT_ID": ""], "AZURE_TENANT_ID is not set"),
        (["AZURE_CLIENT_ID": ""], "AZURE_CLIENT_ID is not set"),
        (["AZURE_TENANT_ID": "../../x"], "not a tenant"), (["AZURE_CLIENT_ID": "\n"], "AZURE_CLIENT_ID is empty"),
        (["ACTIONS_ID_TOKEN_REQUEST_TOKEN": "hush\r\nX: y"], "no token holds"),
        (["ACTIONS_ID_TOKEN_REQUEST_URL": "http://run.example"], "not an https address"),
        (["AZURE_AUTHORITY_HOST": "https://bob:hush@x"], "no user name or password"),
    ])
    func `fails for settings that cannot be right`(_ settings: [String: String], words: String) async {
        let http = ScriptedTransport(.success(.text(#"{"value":"\#(jobToken)"}"#)))
        let error = await failure(of: credential(http, settings))
        guard case .failed(let diagnosis)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(diagnosis.problem.contains(words))
        #expect(diagnosis.kind == .misconfigured)
        #expect(!everythingShown(of: diagnosis).contains("hush"))
        #expect(!http.requests.contains { $0.url.hasPrefix("https://login") })
    }

    @Test func `fails where GitHub refuses, and names the permission`() async {
        let http = ScriptedTransport(.success(.text("hush", status: 403)))
        let error = await failure(of: credential(http))
        #expect(error?.diagnosis?.problem == "the token service of GitHub Actions turned the job down (403)")
        #expect(error?.diagnosis?.remedy?.contains("id-token: write") == true)
        #expect(!everythingShown(of: error as Any).contains("hush"))
    }

    @Test func `says what to register where nothing matches the token`() async {
        let http = ScriptedTransport(
            .success(.text(#"{"value":"\#(jobToken)"}"#)),
            .success(.text(#"{"error":"invalid_client","error_codes":[700213]}"#, status: 401)))
        let error = await failure(of: credential(http))
        #expect(error?.diagnosis?.remedy?.contains("--subject 'repo:o/r:ref:refs/heads/main'") == true)
        #expect(!everythingShown(of: error as Any).contains("hush"))
        #expect(!everythingShown(of: credential(http)).contains("hush"))
    }

    @Test func `waits and asks again where GitHub is busy`() async throws {
        let http = ScriptedTransport(
            .success(.text("", status: 503, headers: [("Retry-After", "2")])),
            .success(.text(#"{"value":"\#(jobToken)"}"#)), .success(.text(goodReply)))
        let clock = ManualClock()
        let credential = GitHubActionsCredential(
            environment: ProcessEnvironment(Self.variables), http: http, clock: clock)
        async let token = credential.token(for: TokenRequest(scope))
        await clock.waitForSleepers()
        clock.advance(by: .seconds(2))
        #expect(try await token.secret == "eyJ0.eyJ1.c2ln")
    }
}
