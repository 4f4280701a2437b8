import CredentialHTTP
import CredentialTesting
import DeviceCodeCredentials
import EnvironmentCredentials
import InteractiveBrowserCredentials
import LocalEntra
import Testing
import TokenCredentials

@Suite struct `A person signs in for real` {
    @Test func `with a password`() async throws {
        try await Login.with { login in
            func credential(_ password: String) -> EnvironmentCredential {
                EnvironmentCredential(
                    environment: login.environment([
                        "AZURE_CLIENT_ID": Login.publicClient, "AZURE_USERNAME": Login.person.principalName,
                        "AZURE_PASSWORD": password,
                    ]), http: login.http, clock: login.clock)
            }
            let right = credential(Login.password)
            await login.expect(right, Login.person.objectID)
            let error = await login.failure(credential("wrong"))
            #expect(error?.diagnosis?.kind == .signInNeeded)
        }
    }

    private func deviceCode(
        _ login: Login, _ answer: SignInAnswer, store: MemorySecretStore = MemorySecretStore()
    ) throws -> DeviceCodeCredential {
        let cloud = login.cloud
        return DeviceCodeCredential(
            tenant: Login.tenant, authority: try login.authority, keepingSignInIn: store, http: login.http,
            clock: login.clock
        ) { prompt in
            #expect(prompt.message.contains(prompt.userCode))
            #expect(cloud.answerDevice(userCode: prompt.userCode, answer))
        }
    }

    @Test func `with a code on another screen, and from then on without`() async throws {
        try await Login.with { login in
            let store = MemorySecretStore()
            let credential = try deviceCode(login, .approve(principalName: Login.person.principalName), store: store)
            await login.expect(credential, Login.person.objectID)
            let later = DeviceCodeCredential(
                tenant: Login.tenant, authority: try login.authority, keepingSignInIn: store, http: login.http,
                clock: login.clock, prompt: nil)
            await login.expect(later, Login.person.objectID)
            #expect(login.cloud.requests(to: .deviceCode).count == 1)
            login.cloud.revokeRefreshTokens()
            #expect(await login.failure(later)?.diagnosis?.kind == .signInNeeded)
        }
    }

    @Test func `and may decline, or never come`() async throws {
        try await Login.with { login in
            let declined = try deviceCode(login, .decline)
            #expect(await login.failure(declined)?.diagnosis?.problem == "the sign-in was declined")
            let alone = DeviceCodeCredential(
                tenant: Login.tenant, authority: try login.authority, http: login.http, clock: login.clock
            ) { _ in }
            #expect(await login.failure(alone)?.diagnosis?.problem == "the code was not entered in time")
        }
    }

    @Test func `in a browser, and from then on without`() async throws {
        try await Login.with(SystemClock()) { login in
            let store = MemorySecretStore()
            let http = login.http
            let credential = InteractiveBrowserCredential(
                tenant: Login.tenant, authority: try login.authority, keepingSignInIn: store, http: http,
                clock: login.clock, opener: { await Browser(http: http).visit($0) })
            await login.expect(credential, Login.person.objectID)
            await login.expect(credential, Login.person.objectID)
            #expect(login.cloud.requests(to: .authorize).count == 1)
        }
    }

    @Test func `in a browser, and may decline there`() async throws {
        try await Login.with(SystemClock()) { login in
            login.cloud.setBrowserAnswer(.decline)
            let http = login.http
            let credential = InteractiveBrowserCredential(
                tenant: Login.tenant, authority: try login.authority, http: http,
                clock: login.clock, opener: { await Browser(http: http).visit($0) })
            let error = await login.failure(credential)
            #expect(error?.diagnosis?.problem == "consent was declined (AADSTS65004)")
        }
    }
}

/// What a browser does with a page to sign in on: it opens it, and sends the form in it where the form says.
struct Browser {
    let http: any HTTPTransport

    func visit(_ address: String) async -> Bool {
        guard let page = try? await http.send(HTTPRequest(.get, address)), page.status == 200 else { return false }
        let text = String(decoding: page.body, as: UTF8.self)
        guard let action = Self.values("action", in: text).first else { return false }
        let fields = zip(Self.values("name", in: text), Self.values("value", in: text)).map { ($0, $1) }
        let answer = try? await http.send(.form(action, fields))
        return answer?.status == 200
    }

    private static func values(_ attribute: String, in page: String) -> [String] {
        page.split(separator: " \(attribute)=\"").dropFirst().map { rest in
            String(rest.prefix { $0 != "\"" }).replacing("&quot;", with: "\"").replacing("&lt;", with: "<")
                .replacing("&gt;", with: ">").replacing("&amp;", with: "&")
        }
    }
}
