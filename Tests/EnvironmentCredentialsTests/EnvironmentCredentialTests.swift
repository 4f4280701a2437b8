import CredentialHTTP
import CredentialTesting
import EnvironmentCredentials
import FoundationEssentials
import Testing
import TokenCredentials

let scope = "https://ossrdbms-aad.database.windows.net/.default"
let client = "11111111-2222-3333-4444-555555555555"
let goodReply = #"{"token_type":"Bearer","expires_in":3599,"access_token":"eyJ0.eyJ1.c2ln"}"#

/// The error a credential ends with; `nil` if it delivers.
func failure(of credential: some TokenCredential, for request: TokenRequest = TokenRequest(scope)) async
    -> CredentialError?
{
    do throws(CredentialError) {
        _ = try await credential.token(for: request)
        return nil
    } catch {
        return error
    }
}

extension CredentialError {
    var isFailed: Bool { if case .failed = self { true } else { false } }
    var isUnavailable: Bool { if case .unavailable = self { true } else { false } }
}

@Suite struct `The environment credential` {
    private func credential(_ variables: [String: String], _ http: ScriptedTransport) -> EnvironmentCredential {
        EnvironmentCredential(
            environment: ProcessEnvironment(variables), files: MemoryFiles(), http: http, clock: ManualClock())
    }

    static let secretSet = [
        "AZURE_TENANT_ID": "contoso.example", "AZURE_CLIENT_ID": client, "AZURE_CLIENT_SECRET": "hush-hush",
    ]

    @Test func `asks with the secret`() async throws {
        let http = ScriptedTransport(.success(.text(goodReply)))
        let token = try await credential(Self.secretSet, http).token(for: TokenRequest(scope))
        #expect(token.secret == "eyJ0.eyJ1.c2ln")
        #expect(token.expiresAt == ManualClock().now.addingTimeInterval(3599))
        let sent = try #require(http.requests.first)
        #expect(sent.url == "https://login.microsoftonline.com/contoso.example/oauth2/v2.0/token")
        #expect(
            sent.sentForm == [
                "client_id=\(client)", "scope=\(scope)", "grant_type=client_credentials", "client_secret=hush-hush",
            ])
    }

    @Test func `asks the authority that is set`() async throws {
        let http = ScriptedTransport(.success(.text(goodReply)))
        let variables = Self.secretSet.merging(["AZURE_AUTHORITY_HOST": "https://login.microsoftonline.us/"]) { $1 }
        _ = try await credential(variables, http).token(for: TokenRequest(scope))
        #expect(http.requests.first?.url == "https://login.microsoftonline.us/contoso.example/oauth2/v2.0/token")
    }

    @Test(arguments: [
        "http://login.example", "https://user:hush-hush@login.example", "https://login.example/x", "ftp://x",
    ])
    func `refuses an authority that is none`(_ authority: String) async {
        let http = ScriptedTransport()
        let error = await failure(
            of: credential(Self.secretSet.merging(["AZURE_AUTHORITY_HOST": authority]) { $1 }, http))
        #expect(error?.isFailed == true)
        #expect(error?.diagnosis?.kind == .misconfigured)
        #expect(!everythingShown(of: error as Any).contains("hush"))
        #expect(http.requests.isEmpty)
    }

    @Test func `asks with user and password, and says that this is deprecated`() async throws {
        let variables = [
            "AZURE_CLIENT_ID": client, "AZURE_USERNAME": "bob@contoso.example", "AZURE_PASSWORD": "hush-hush",
        ]
        let refusal = HTTPResponse.text(#"{"error":"invalid_grant","error_codes":[50126]}"#, status: 400)
        let http = ScriptedTransport(.success(.text(goodReply)), .success(refusal))
        let credential = credential(variables, http)
        _ = try await credential.token(for: TokenRequest(scope))
        let sent = try #require(http.requests.first)
        #expect(sent.url == "https://login.microsoftonline.com/organizations/oauth2/v2.0/token")
        #expect(
            sent.sentForm == [
                "client_id=\(client)", "scope=\(scope) openid profile offline_access", "grant_type=password",
                "username=bob@contoso.example", "password=hush-hush", "client_info=1",
            ])
        guard case .configured(let finding) = credential.configuration else {
            Issue.record("not configured")
            return
        }
        #expect(finding.contains("deprecated"))
        let error = await failure(of: credential)
        #expect(error?.description.contains("deprecated") == true)
        #expect(!everythingShown(of: error as Any).contains("hush"))
    }

    static let unavailable: [[String: String]] = [
        [:], ["AZURE_TENANT_ID": "t"], ["AZURE_CLIENT_ID": client],
        ["AZURE_TENANT_ID": "t", "AZURE_CLIENT_ID": client],
        ["AZURE_TENANT_ID": "t", "AZURE_CLIENT_ID": client, "AZURE_CLIENT_SECRET": ""],
    ]

    @Test(arguments: unavailable)
    func `does not apply where nothing proves who it is`(_ variables: [String: String]) async throws {
        let http = ScriptedTransport()
        let error = await failure(of: credential(variables, http))
        #expect(error?.isUnavailable == true)
        let text = try #require(error?.description)
        for name in ["AZURE_CLIENT_SECRET", "AZURE_CLIENT_CERTIFICATE_PATH", "AZURE_TENANT_ID", "AZURE_CLIENT_ID"] {
            #expect(text.contains(name))
        }
        #expect(http.requests.isEmpty)
        guard case .notConfigured = credential(variables, http).configuration else {
            Issue.record("configured")
            return
        }
    }

    /// Every way to set the six variables that says who, and not enough; with the missing ones.
    static let halfSet: [(set: [String], missing: [String])] = {
        let all = [
            "AZURE_TENANT_ID", "AZURE_CLIENT_ID", "AZURE_CLIENT_SECRET", "AZURE_CLIENT_CERTIFICATE_PATH",
            "AZURE_USERNAME",
            "AZURE_PASSWORD",
        ]
        return (0..<64).compactMap { bits in
            let set = all.indices.filter { bits & (1 << $0) != 0 }.map { all[$0] }
            let needed =
                if set.contains(all[2]) || set.contains(all[3]) {
                    [all[0], all[1]]
                } else if set.contains(all[4])
                    || set.contains(all[5])
                { [all[1], all[4], all[5]] } else { [String]() }
            let missing = needed.filter { !set.contains($0) }
            return missing.isEmpty ? nil : (set, missing)
        }
    }()

    @Test(arguments: halfSet)
    func `fails where half is missing, and names every variable`(_ set: [String], missing: [String]) async throws {
        let http = ScriptedTransport()
        let variables = Dictionary(uniqueKeysWithValues: set.map { ($0, "hush-hush") })
        let error = await failure(of: credential(variables, http))
        #expect(error?.isFailed == true)
        let diagnosis = try #require(error?.diagnosis)
        #expect(diagnosis.kind == .misconfigured)
        for name in set + missing { #expect(diagnosis.problem.contains(name)) }
        for name in missing { #expect(diagnosis.remedy?.contains(name) == true) }
        #expect(!everythingShown(of: diagnosis).contains("hush"))
        #expect(http.requests.isEmpty)
    }

    @Test func `takes the secret before a certificate, and says so when that fails`() async throws {
        let refusal = HTTPResponse.text(#"{"error":"invalid_client","error_codes":[7000215]}"#, status: 401)
        let http = ScriptedTransport(.success(refusal))
        let variables = Self.secretSet.merging(["AZURE_CLIENT_CERTIFICATE_PATH": "/c.pem", "AZURE_USERNAME": "u"]) {
            $1
        }
        let error = await failure(of: credential(variables, http))
        let fact = error?.diagnosis?.facts.first { $0.name == "chosen" }?.value
        #expect(
            fact == "AZURE_CLIENT_SECRET (set as well and not used: AZURE_CLIENT_CERTIFICATE_PATH, AZURE_USERNAME)")
        #expect(error?.diagnosis?.remedy?.contains("AZURE_CLIENT_SECRET") == true)
        #expect(!everythingShown(of: error as Any).contains("hush"))
    }

    @Test func `shows nothing of what is set`() {
        let credential = credential(Self.secretSet, ScriptedTransport())
        #expect(!everythingShown(of: credential).contains("hush"))
        #expect(!everythingShown(of: credential.configuration).contains("hush"))
        let direct = ClientSecretCredential(
            tenant: "contoso.example", clientID: client, secret: "hush-hush", http: ScriptedTransport())
        #expect(!everythingShown(of: direct).contains("hush"))
        #expect("\(direct)".contains(client))
    }

    @Test func `fails for an empty secret given in code`() async {
        let credential = ClientSecretCredential(tenant: "t", clientID: client, secret: "", http: ScriptedTransport())
        #expect(await failure(of: credential)?.diagnosis?.problem == "the client secret is empty")
    }

    @Test func `passes cancellation on`() async {
        let error = await failure(of: credential(Self.secretSet, ScriptedTransport(.failure(.cancelled))))
        guard case .cancelled? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }
}
