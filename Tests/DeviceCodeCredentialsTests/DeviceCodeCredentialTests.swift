import CredentialHTTP
import CredentialTesting
import DeviceCodeCredentials
import EntraSignIn
import FoundationEssentials
import Testing
import TokenCredentials

@Suite struct `The device code credential` {
    private let key = SignIn.key(profile: "default")

    @Test func `makes exactly these requests`() async throws {
        let http = ScriptedTransport(all: [code(), pending, token()])
        let answer = try await credential(http).token(for: TokenRequest(scope))
        #expect(answer.secret == "hush-access")
        let base = "https://login.microsoftonline.com/organizations/oauth2/v2.0/"
        #expect(http.requests.map(\.url) == [base + "devicecode", base + "token", base + "token"])
        for sent in http.requests {
            #expect(sent.method == .post)
            #expect(sent.header("Content-Type") == "application/x-www-form-urlencoded")
            #expect(sent.header("Accept") == "application/json")
            #expect(UUID(uuidString: sent.header("client-request-id") ?? "") != nil)
            #expect(sent.headers.count == 3)
        }
        let common = ["client_id=\(client)", "scope=\(scope) openid profile offline_access"]
        let poll =
            common + [
                "grant_type=urn:ietf:params:oauth:grant-type:device_code", "device_code=hush-device", "client_info=1",
            ]
        #expect(http.requests.map(\.sentForm) == [common, poll, poll])
    }

    @Test func `asks the tenant, the application and the authority it is given`() async throws {
        let http = ScriptedTransport(all: [code(), token()])
        let credential = DeviceCodeCredential(
            clientID: "my-app", tenant: "contoso.example", authority: AzureCloud.usGovernment.authority, http: http,
            clock: LeapingClock()
        ) { _ in }
        _ = try await credential.token(for: TokenRequest(scope))
        #expect(http.requests.first?.url == "https://login.microsoftonline.us/contoso.example/oauth2/v2.0/devicecode")
        #expect(http.requests.first?.sentField("client_id") == "my-app")
    }

    @Test func `passes claims on to both pages`() async throws {
        let http = ScriptedTransport(all: [code(), token()])
        _ = try await credential(http).token(for: TokenRequest(scope, claims: #"{"access_token":{"x":null}}"#))
        #expect(
            http.requests.map { $0.sentField("claims") } == Array(repeating: #"{"access_token":{"x":null}}"#, count: 2))
    }

    @Test func `shows the code with Entra's sentence`() async throws {
        let witness = Witness()
        _ = try await credential(ScriptedTransport(all: [code(), token()]), witness: witness)
            .token(for: TokenRequest(scope))
        #expect(
            witness.prompts == [
                DeviceCodePrompt(
                    userCode: "ABCD12345", verificationURI: "https://microsoft.com/devicelogin",
                    expiresAt: start.addingTimeInterval(900), message: "Do it.")
            ])
        #expect(!everythingShown(of: witness.prompts).contains("ABCD12345"))
    }

    @Test(arguments: ["", "two\\nlines", "\\u001b[2Jcleared", "\\u202egnihsihp", "bell\\u0007"])
    func `shows a sentence of its own where Entra's would upset a terminal`(_ message: String) async throws {
        let witness = Witness()
        _ = try await credential(ScriptedTransport(all: [code(message: message), token()]), witness: witness)
            .token(for: TokenRequest(scope))
        #expect(
            witness.prompts.map(\.message) == [
                "To sign in, open https://microsoft.com/devicelogin in a browser and enter the code ABCD12345."
            ])
    }

    @Test(arguments: [
        code(uri: "http://microsoft.com/devicelogin"), code(uri: "https://me@evil.example/"), code(uri: "https://"),
        code(uri: "javascript:alert(1)"), code(uri: "https://microsoft.com/\\u001b]8;;x"), code(uri: "https://a b/"),
        code(uri: "https://x.example/\\\""), code(uri: ""), code(userCode: ""), code(userCode: "A\\u001b[2J"),
        code(userCode: "A B"), code(userCode: String(repeating: "A", count: 65)), .success(.text("")),
        .success(.text("{}")), .success(.text("<html>", type: "text/html")), .success(.text("[]")),
        .success(.text(#"{"device_code":"a\nb","user_code":"A","verification_uri":"https://x.example"}"#)),
    ])
    func `shows nothing that no code should hold`(_ answer: Result<HTTPResponse, HTTPTransportError>) async throws {
        let witness = Witness()
        let http = ScriptedTransport(all: [answer])
        let error = try #require(await failure(credential(http, witness: witness)))
        #expect(error.diagnosis?.kind == .refused)
        #expect(witness.prompts.isEmpty)
        #expect(!everythingShown(of: error).contains("hush"))
    }

    @Test func `does not apply where nobody can be asked`() async {
        let http = ScriptedTransport()
        let credential = DeviceCodeCredential(http: http, prompt: nil)
        guard case .unavailable? = await failure(credential) else {
            Issue.record("it applied")
            return
        }
        #expect(http.requests.isEmpty)
        #expect(credential.configuration == .notConfigured("there is no prompt to show a code on"))
    }

    @Test func `keeps the sign-in and does not ask again`() async throws {
        let store = MemorySecretStore()
        let witness = Witness()
        let http = ScriptedTransport(all: [
            code(), token(), token(refreshToken: "hush-refresh-2"), token(refreshToken: nil),
        ])
        for _ in 0..<3 {
            _ = try await credential(http, store: store, witness: witness).token(for: TokenRequest(scope))
        }
        #expect(witness.prompts.count == 1)
        #expect(http.requests.map { $0.sentField("refresh_token") } == [nil, nil, "hush-refresh-1", "hush-refresh-2"])
        #expect(try SignIn(document: store[key] ?? "").refreshToken == "hush-refresh-2")
        #expect(witness.reports.isEmpty)
    }

    @Test func `keeps the sign-in in memory where it has no store`() async throws {
        let witness = Witness()
        let credential = credential(ScriptedTransport(all: [code(), token(), token()]), witness: witness)
        for _ in 0..<2 { _ = try await credential.token(for: TokenRequest(scope)) }
        #expect(witness.prompts.count == 1)
    }

    @Test func `asks the person at once where that is asked for`() async throws {
        let store = MemorySecretStore()
        let witness = Witness()
        let credential = credential(
            ScriptedTransport(all: [code(), token(), code(), token(refreshToken: "hush-refresh-9")]), store: store,
            witness: witness)
        _ = try await credential.token(for: TokenRequest(scope))
        _ = try await credential.signIn(for: TokenRequest(scope))
        #expect(witness.prompts.count == 2)
        #expect(try SignIn(document: store[key] ?? "").refreshToken == "hush-refresh-9")
    }

    @Test func `says sign in again once, and then asks the person`() async throws {
        let store = MemorySecretStore()
        let witness = Witness()
        let credential = credential(
            ScriptedTransport(all: [code(), token(), refusal("invalid_grant", code: 70043), code(), token()]),
            store: store, witness: witness)
        _ = try await credential.token(for: TokenRequest(scope))
        let error = await failure(credential)
        #expect(error?.diagnosis?.remedy == "Sign in again: passgres login.")
        #expect(error?.diagnosis?.kind == .signInNeeded)
        #expect(witness.prompts.count == 1)
        #expect(await failure(credential) == nil)
        #expect(witness.prompts.count == 2)
    }

    @Test func `asks the person with the claims that a refresh was refused for`() async throws {
        let demand = refusal("interaction_required", code: 50076, more: #","claims":"{\"access_token\":{\"p\":1}}""#)
        let store = MemorySecretStore()
        let http = ScriptedTransport(all: [code(), token(), demand, code(), token(), demand])
        let witness = Witness()
        let credential = credential(http, store: store, witness: witness)
        for _ in 0..<2 { _ = try await credential.token(for: TokenRequest(scope)) }
        #expect(http.requests[3].sentField("claims") == #"{"access_token":{"p":1}}"#)
        #expect(witness.prompts.count == 2)
        // With nobody to ask, what Entra wanted is the error, and not that nothing was found.
        let alone = DeviceCodeCredential(keepingSignInIn: store, http: http, clock: LeapingClock(), prompt: nil)
        guard case .failed(let diagnosis)? = await failure(alone) else {
            Issue.record("it did not fail")
            return
        }
        #expect(diagnosis.kind == .signInNeeded)
    }

    @Test func `delivers the token whatever becomes of the store`() async throws {
        let store = MemorySecretStore()
        store.setFault(.locked("the login collection"), when: .reading)
        store.setFault(.locked("the login collection"), when: .writing)
        let witness = Witness()
        let answer = try await credential(ScriptedTransport(all: [code(), token()]), store: store, witness: witness)
            .token(for: TokenRequest(scope))
        #expect(answer.secret == "hush-access")
        #expect(witness.reports.count == 2)
        #expect(!everythingShown(of: witness.reports).contains("hush"))
    }

    @Test func `says that nothing could be kept where no refresh token came`() async throws {
        let witness = Witness()
        let store = MemorySecretStore()
        _ = try await credential(
            ScriptedTransport(all: [code(), token(refreshToken: nil)]), store: store, witness: witness
        )
        .token(for: TokenRequest(scope))
        #expect(store.writes.isEmpty)
        #expect(witness.reports.count == 1)
    }

    @Test(arguments: ["../../x", "two words", "", "a\nb"])
    func `asks nobody for a tenant that is none`(_ tenant: String) async {
        let http = ScriptedTransport()
        let credential = DeviceCodeCredential(tenant: tenant, http: http) { _ in }
        #expect(await failure(credential)?.diagnosis?.kind == .misconfigured)
        #expect(http.requests.isEmpty)
    }

    @Test func `shows its client and its tenant and nothing else`() {
        let store = MemorySecretStore([key: "hush-refresh"])
        let credential = credential(ScriptedTransport(), store: store)
        #expect(everythingShown(of: credential).contains(client))
        #expect(!everythingShown(of: credential).contains("hush"))
        #expect(credential.name == "device-code")
    }
}
