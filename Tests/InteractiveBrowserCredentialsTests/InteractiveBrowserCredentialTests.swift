import CredentialHTTP
import CredentialTesting
import EntraSignIn
import FoundationEssentials
import Testing
import TokenCredentials

@testable import InteractiveBrowserCredentials

@Suite struct `The interactive browser credential` {
    private func credential(
        _ http: ScriptedTransport, clock: ManualClock = ManualClock(), store: (any SecretStore)? = nil,
        prompt: InteractiveBrowserCredential.Prompt? = nil, opener: @escaping InteractiveBrowserCredential.Opener
    ) -> InteractiveBrowserCredential {
        InteractiveBrowserCredential(
            keepingSignInIn: store, http: http, clock: clock, opener: opener, prompt: prompt)
    }

    @Test func `sends the browser to exactly this page and redeems the code it brings`() async throws {
        let http = ScriptedTransport(token())
        let pages = Seen<SignInPage>()
        let answers = Seen<String>()
        let answer = try await credential(http) { address in
            let page = SignInPage(address)
            pages.add(page)
            answers.add(await Browser.post(page.port, "code=hush-c0de%2B1&state=\(page.state)&session_state=x"))
            return true
        }.token(for: TokenRequest(scope, claims: #"{"access_token":{"x":null}}"#))
        #expect(answer.secret == "hush-access")

        let page = try #require(pages.all.first)
        #expect(page.page == "https://login.microsoftonline.com/organizations/oauth2/v2.0/authorize")
        var parameters = page.parameters
        let redirectURI = "http://localhost:\(page.port)"
        let state = parameters.removeValue(forKey: "state") ?? ""
        let challenge = parameters.removeValue(forKey: "code_challenge")
        #expect(state.utf8.count == 43)
        #expect(
            parameters == [
                "client_id": client, "response_type": "code", "redirect_uri": redirectURI,
                "response_mode": "form_post", "scope": "\(scope) openid profile offline_access",
                "code_challenge_method": "S256", "prompt": "select_account", "client_info": "1",
                "claims": #"{"access_token":{"x":null}}"#,
            ])

        let sent = try #require(http.requests.first)
        #expect(http.requests.count == 1)
        #expect(sent.url == "https://login.microsoftonline.com/organizations/oauth2/v2.0/token")
        let verifier = try #require(sent.sentField("code_verifier"))
        #expect(
            sent.sentForm == [
                "client_id=\(client)", "scope=\(scope) openid profile offline_access", "grant_type=authorization_code",
                "code=hush-c0de+1", "redirect_uri=\(redirectURI)", "code_verifier=\(verifier)",
                #"claims={"access_token":{"x":null}}"#, "client_info=1",
            ])
        #expect(try ProofKey(verifier: verifier, state: "").challenge == challenge)

        let shown = try #require(answers.all.first)
        #expect(shown.hasPrefix("HTTP/1.1 200 OK\r\n"))
        #expect(shown.contains("Cache-Control: no-store\r\n"))
        #expect(shown.contains("Signed in."))
        #expect(!shown.contains("hush"))
        #expect(Browser(port: page.port) == nil)
    }

    @Test func `takes the code from the address too`() async throws {
        let http = ScriptedTransport(token())
        _ = try await credential(http) { address in
            let page = SignInPage(address)
            _ = await Browser.get(page.port, "/?code=c0de&state=\(page.state)")
            return true
        }.token(for: TokenRequest(scope))
        #expect(http.requests.first?.sentField("code") == "c0de")
    }

    @Test func `draws a new state and a new verifier for every sign-in`() async throws {
        let http = ScriptedTransport(token(), token())
        let states = Seen<String>()
        let credential = credential(http) { address in
            let page = SignInPage(address)
            states.add(page.state)
            _ = await Browser.get(page.port, "/?code=c0de&state=\(page.state)")
            return true
        }
        for _ in 0..<2 { _ = try await credential.signIn(for: TokenRequest(scope)) }
        #expect(Set(states.all).count == 2)
        #expect(Set(http.requests.map { $0.sentField("code_verifier") }).count == 2)
    }

    @Test(arguments: [
        ("access_denied", "AADSTS65004: declined", Diagnosis.Kind.signInNeeded), ("access_denied", "", .refused),
        ("server_error", "", .temporary), ("interaction_required", "AADSTS50058: x", .signInNeeded),
        ("what <b>is</b> this", "hush-description", .refused),
    ])
    func `fails where the browser brings an error`(_ word: String, text: String, kind: Diagnosis.Kind) async throws {
        let http = ScriptedTransport()
        let answers = Seen<String>()
        let error = try #require(
            await failure(
                credential(http) { address in
                    let page = SignInPage(address)
                    let form =
                        "error=\(HTTPRequest.percentEncoded(word))&state=\(page.state)"
                        + "&error_description=\(HTTPRequest.percentEncoded(text))"
                    answers.add(await Browser.post(page.port, form))
                    return true
                }))
        guard case .failed(let diagnosis) = error else {
            Issue.record("\(error)")
            return
        }
        #expect(diagnosis.kind == kind)
        #expect(diagnosis.remedy != nil)
        #expect(!everythingShown(of: error).contains("hush"))
        #expect(!everythingShown(of: error).contains("<b>"))
        #expect(answers.all.first?.contains("Not signed in.") == true)
        #expect(http.requests.isEmpty)
    }

    @Test func `passes on why the code was not accepted`() async {
        let http = ScriptedTransport(
            .success(.text(#"{"error":"invalid_grant","error_codes":[54005]}"#, status: 400)))
        let error = await failure(
            credential(http) { address in
                let page = SignInPage(address)
                _ = await Browser.get(page.port, "/?code=hush-c0de&state=\(page.state)")
                return true
            })
        #expect(error?.diagnosis?.problem == "the code has been used already (AADSTS54005)")
        #expect(!everythingShown(of: error as Any).contains("hush"))
    }

    @Test func `gives the person no longer than the time limit`() async throws {
        let clock = ManualClock()
        let ports = Seen<UInt16>()
        let credential = credential(ScriptedTransport(), clock: clock) { address in
            ports.add(SignInPage(address).port)
            return true
        }
        let task = Task { await failure(credential) }
        await clock.waitForSleepers()
        #expect(clock.deadlines == [clock.now.addingTimeInterval(300)])
        clock.advance(by: .seconds(300))
        let error = await task.value
        #expect(error?.diagnosis?.problem == "the sign-in in the browser was not finished within 300 s")
        #expect(error?.diagnosis?.kind == .signInNeeded)
        #expect(ports.all.allSatisfy { Browser(port: $0) == nil })
    }

    @Test func `ends when its task is cancelled, and frees the port`() async {
        let clock = ManualClock()
        let ports = Seen<UInt16>()
        let (opened, signal) = AsyncStream<Void>.makeStream()
        let credential = credential(ScriptedTransport(), clock: clock) { address in
            ports.add(SignInPage(address).port)
            signal.finish()
            return true
        }
        let task = Task { await failure(credential) }
        for await _ in opened {}
        #expect(Browser(port: ports.all[0]) != nil)
        task.cancel()
        guard case .cancelled? = await task.value else {
            Issue.record("not cancelled")
            return
        }
        #expect(Browser(port: ports.all[0]) == nil)
    }

    @Test func `ends at once in a task that was cancelled before`() async {
        let credential = credential(ScriptedTransport()) { _ in true }
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return await failure(credential)
        }
        guard case .cancelled? = await task.value else {
            Issue.record("not cancelled")
            return
        }
    }

    @Test func `does not apply without a browser`() async {
        let error = await failure(credential(ScriptedTransport()) { _ in false })
        guard case .unavailable(let diagnosis)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(diagnosis.remedy == "Sign in with a code instead: passgres login --device-code.")
    }

    @Test func `shows the address where no browser was opened`() async throws {
        let http = ScriptedTransport(token())
        let shown = Seen<String>()
        let credential = credential(
            http,
            prompt: { address in
                shown.add(address)
                let page = SignInPage(address)
                _ = await Browser.get(page.port, "/?code=c0de&state=\(page.state)")
            }
        ) { _ in false }
        _ = try await credential.token(for: TokenRequest(scope))
        #expect(shown.all.count == 1)
    }

    @Test func `keeps the sign-in and opens no second page`() async throws {
        let http = ScriptedTransport(token(), token("hush-refresh-2"))
        let store = MemorySecretStore()
        let opened = Seen<String>()
        for _ in 0..<2 {
            let credential = credential(http, store: store) { address in
                opened.add(address)
                let page = SignInPage(address)
                _ = await Browser.get(page.port, "/?code=c0de&state=\(page.state)")
                return true
            }
            _ = try await credential.token(for: TokenRequest(scope))
            #expect(!everythingShown(of: credential).contains("hush"))
        }
        #expect(opened.all.count == 1)
        let stored = try SignIn(document: store[SignIn.key(profile: "default")] ?? "")
        #expect(stored.refreshToken == "hush-refresh-2")
        #expect(http.requests.last?.sentField("refresh_token") == "hush-refresh-1")
    }

    @Test func `opens nothing for settings that cannot be right`() async {
        let opened = Seen<String>()
        let credential = InteractiveBrowserCredential(
            tenant: "../../x", http: ScriptedTransport(),
            opener: {
                opened.add($0)
                return true
            })
        #expect(await failure(credential)?.diagnosis?.kind == .misconfigured)
        #expect(opened.all.isEmpty)
    }
}

@Suite struct `The proof key` {
    @Test func `is that of the standard's example`() throws {
        // RFC 7636, appendix B.
        let key = try ProofKey(verifier: "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk", state: "s")
        #expect(key.challenge == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM")
        #expect(!everythingShown(of: key).contains("dBjft"))
    }
}
