import AzurePipelinesCredentials
import CredentialHTTP
import CredentialTesting
import FoundationEssentials
import Testing
import TokenCredentials

private let scope = "https://ossrdbms-aad.database.windows.net/.default"
private let client = "11111111-2222-3333-4444-555555555555"
private let goodReply = #"{"token_type":"Bearer","expires_in":3599,"access_token":"eyJ0.eyJ1.c2ln"}"#
private let jobToken =
    "eyJh.\(Data(#"{"iss":"https://vstoken","sub":"sc://org/project/name","aud":"api://AzureADTokenExchange"}"#.utf8).base64URL).hushsig"

private func failure(of credential: some TokenCredential) async -> CredentialError? {
    do throws(CredentialError) {
        _ = try await credential.token(for: TokenRequest(scope))
        return nil
    } catch {
        return error
    }
}

@Suite struct `The Azure Pipelines credential` {
    private static let variables = [
        "SYSTEM_OIDCREQUESTURI": "https://dev.azure.com/org/hub/oidctoken", "SYSTEM_ACCESSTOKEN": "hush-job",
        "AZURESUBSCRIPTION_TENANT_ID": "contoso.example", "AZURESUBSCRIPTION_CLIENT_ID": client,
        "AZURESUBSCRIPTION_SERVICE_CONNECTION_ID": "conn&ection",
    ]

    private func credential(_ http: ScriptedTransport, _ more: [String: String] = [:]) -> AzurePipelinesCredential {
        AzurePipelinesCredential(
            environment: ProcessEnvironment(Self.variables.merging(more) { $1 }), http: http, clock: ManualClock())
    }

    @Test func `exchanges the job's token`() async throws {
        let http = ScriptedTransport(.success(.text(#"{"oidcToken":"\#(jobToken)"}"#)), .success(.text(goodReply)))
        let token = try await credential(http).token(for: TokenRequest(scope))
        #expect(token.secret == "eyJ0.eyJ1.c2ln")
        #expect(http.requests.count == 2)
        let asked = try #require(http.requests.first)
        #expect(asked.method == .post)
        #expect(
            asked.url == "https://dev.azure.com/org/hub/oidctoken?api-version=7.1&serviceConnectionId=conn%26ection")
        #expect(
            asked.headers.map { "\($0.name): \($0.value)" } == [
                "Content-Type: application/json", "Accept: application/json", "Authorization: Bearer hush-job",
                "X-TFS-FedAuthRedirect: Suppress",
            ])
        #expect(asked.body == [])
        let sent = try #require(http.requests.last)
        #expect(sent.url == "https://login.microsoftonline.com/contoso.example/oauth2/v2.0/token")
        #expect(
            sent.sentForm == [
                "client_id=\(client)", "scope=\(scope)", "grant_type=client_credentials",
                "client_assertion_type=urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
                "client_assertion=\(jobToken)",
            ])
    }

    @Test func `takes what is given in code before what the environment says`() async throws {
        let http = ScriptedTransport(.success(.text(#"{"oidcToken":"\#(jobToken)"}"#)), .success(.text(goodReply)))
        let credential = AzurePipelinesCredential(
            tenant: "fabrikam.example", clientID: "other", serviceConnectionID: "c", systemAccessToken: "t",
            environment: ["SYSTEM_OIDCREQUESTURI": "https://dev.azure.com/x?y=z"], http: http, clock: ManualClock())
        _ = try await credential.token(for: TokenRequest(scope))
        #expect(http.requests.first?.url == "https://dev.azure.com/x?y=z&api-version=7.1&serviceConnectionId=c")
        #expect(http.requests.first?.header("Authorization") == "Bearer t")
        #expect(http.requests.last?.url.contains("/fabrikam.example/") == true)
        #expect(http.requests.last?.sentField("client_id") == "other")
    }

    @Test func `does not apply outside of a job`() async {
        let credential = credential(ScriptedTransport(), ["SYSTEM_OIDCREQUESTURI": ""])
        let error = await failure(of: credential)
        guard case .unavailable(let diagnosis)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(diagnosis.problem == "SYSTEM_OIDCREQUESTURI is not set")
        #expect(credential.configuration == .notConfigured("SYSTEM_OIDCREQUESTURI is not set"))
    }

    @Test(arguments: [
        (["SYSTEM_ACCESSTOKEN": ""], "SYSTEM_ACCESSTOKEN is not"), (["SYSTEM_ACCESSTOKEN": "a\r\nb"], "no token holds"),
        (["AZURESUBSCRIPTION_TENANT_ID": "../x"], "not a tenant"),
        (
            ["AZURESUBSCRIPTION_CLIENT_ID": "", "AZURESUBSCRIPTION_TENANT_ID": ""],
            "AZURESUBSCRIPTION_CLIENT_ID are not"
        ),
        (["AZURESUBSCRIPTION_SERVICE_CONNECTION_ID": ""], "AZURESUBSCRIPTION_SERVICE_CONNECTION_ID is not"),
        (["SYSTEM_OIDCREQUESTURI": "http://dev.azure.com"], "not an https address"),
        (["SYSTEM_OIDCREQUESTURI": "https://hush@dev.azure.com"], "not an https address"),
        (["SYSTEM_OIDCREQUESTURI": "https://dev.azure.com/#x"], "not an https address"),
        (["AZURE_AUTHORITY_HOST": "http://x"], "must begin with https://"),
    ])
    func `fails for settings that cannot be right, before it asks anybody`(_ settings: [String: String], words: String)
        async
    {
        let http = ScriptedTransport()
        let error = await failure(of: credential(http, settings))
        guard case .failed(let diagnosis)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(diagnosis.problem.contains(words))
        #expect(diagnosis.kind == .misconfigured)
        #expect(!everythingShown(of: diagnosis).contains("hush"))
        #expect(http.requests.isEmpty)
    }

    @Test(arguments: [
        (302, "", "wants a sign-in"), (401, "hush", "turned the job down"), (403, "hush", "turned the job down"),
        (404, "hush", "does not know"), (400, #"{"message":"hush"}"#, "refused the request"),
        (200, "<html>hush", "answered without a token"), (200, "{}", "answered without a token"),
        (200, #"{"oidcToken":"hush"}"#, "answered without a token"),
    ])
    func `fails where the platform gives no token`(_ status: Int, body: String, words: String) async {
        let headers = [(name: "x-msedge-ref", value: "Ref A: 12AB"), (name: "x-vss-e2eid", value: "hush\u{1}")]
        let http = ScriptedTransport(.success(.text(body, status: status, headers: headers)))
        let error = await failure(of: credential(http))
        guard case .failed(let diagnosis)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(diagnosis.problem.contains(words))
        #expect(diagnosis.kind == .refused)
        #expect(diagnosis.facts == [.init("HTTP status", "\(status)"), .init("x-msedge-ref", "Ref A: 12AB")])
        #expect(!everythingShown(of: diagnosis).contains("hush"))
    }

    @Test func `says what to register where nothing matches the token`() async {
        let http = ScriptedTransport(
            .success(.text(#"{"oidcToken":"\#(jobToken)"}"#)),
            .success(.text(#"{"error":"invalid_client","error_codes":[70021]}"#, status: 401)))
        let error = await failure(of: credential(http))
        #expect(error?.diagnosis?.remedy?.contains("--subject 'sc://org/project/name'") == true)
        #expect(!everythingShown(of: error as Any).contains("hush"))
        #expect(!everythingShown(of: credential(http)).contains("hush"))
    }

    @Test func `passes cancellation on`() async {
        let error = await failure(of: credential(ScriptedTransport(.failure(.cancelled))))
        if case .cancelled? = error {} else { Issue.record("\(String(describing: error))") }
    }
}
