import CredentialHTTP
import CredentialTesting
import FoundationEssentials
import Testing
import TokenCredentials

@testable import EntraSignIn

@Suite struct `A silent refresh` {
    private func refresh(
        _ store: MemorySecretStore, _ http: ScriptedTransport, clock: any WallClock = HastyClock()
    ) async -> Result<SilentRefresh.Outcome, CredentialError> {
        do throws(CredentialError) {
            return .success(
                try await SilentRefresh(endpoint(http, clock: clock), KeptSignIn(in: store, profile: "default")).token(
                    for: request))
        } catch {
            return .failure(error)
        }
    }

    private func isToken(_ result: Result<SilentRefresh.Outcome, CredentialError>) -> Bool {
        if case .success(.token) = result { true } else { false }
    }

    @Test func `sends the refresh token and keeps the one that replaces it`() async throws {
        let store = MemorySecretStore([key: signIn("hush-1").document])
        let http = ScriptedTransport(.success(reply(refreshToken: "hush-2")))
        #expect(isToken(await refresh(store, http)))
        #expect(http.requests.map(\.url) == ["https://login.microsoftonline.com/organizations/oauth2/v2.0/token"])
        #expect(
            http.requests.first?.sentForm == [
                "client_id=\(client)", "scope=\(request.scopes[0]) openid profile offline_access",
                "grant_type=refresh_token", "refresh_token=hush-1", "client_info=1",
            ])
        #expect(store[key] == signIn("hush-2").document)
    }

    @Test func `leaves the store alone if the refresh token stays`() async {
        for body in [reply(), reply(refreshToken: "hush-1"), reply(refreshToken: "two words")] {
            let store = MemorySecretStore([key: signIn("hush-1").document])
            #expect(isToken(await refresh(store, ScriptedTransport(.success(body)))))
            #expect(store.writes.isEmpty)
        }
    }

    @Test func `delivers the token even if the store breaks meanwhile`() async {
        let store = MemorySecretStore([key: signIn("hush-1").document])
        store.setFault(.failed("gone"), when: .writing)
        #expect(isToken(await refresh(store, ScriptedTransport(.success(reply(refreshToken: "hush-2"))))))
    }

    @Test(arguments: [
        nil, signIn(client: "22222222-2222-3333-4444-555555555555"),
        signIn(authority: AzureCloud.usGovernment.authority),
    ])
    func `asks nobody with a sign-in of another application or cloud`(_ stored: SignIn?) async {
        let store = MemorySecretStore()
        store[key] = stored?.document
        let http = ScriptedTransport()
        guard case .success(.nothingKept) = await refresh(store, http) else {
            Issue.record("something was found")
            return
        }
        #expect(http.requests.isEmpty)
        #expect(store[key] == stored?.document)
    }

    @Test(arguments: [nil, 70008, 50173, 700082])
    func `says in these words that the person has to sign in again`(_ code: Int?) async throws {
        let store = MemorySecretStore([key: signIn("hush-1").document])
        let http = ScriptedTransport(.success(refusal("invalid_grant", code: code)))
        guard case .failure(let error) = await refresh(store, http) else {
            Issue.record("no error")
            return
        }
        let diagnosis = try #require(error.diagnosis)
        #expect(diagnosis.kind == .signInNeeded)
        #expect(diagnosis.remedy == "Sign in again: passgres login.")
        #expect(diagnosis.problem.hasPrefix("the sign-in of bob@contoso.example is no longer accepted: "))
        #expect(diagnosis.facts.contains(.init("error", "invalid_grant")))
        #expect(!everythingShown(of: error).contains("hush"))
        #expect(store[key] == nil)
        #expect(http.requests.count == 1)
    }

    @Test func `tries once more with what another process has stored`() async {
        let store = MemorySecretStore([key: signIn("hush-1").document])
        @Sendable func refuse(_ request: HTTPRequest) async throws(HTTPTransportError) -> HTTPResponse {
            store[key] = signIn("hush-2").document
            return refusal("invalid_grant")
        }
        @Sendable func accept(_ request: HTTPRequest) async throws(HTTPTransportError) -> HTTPResponse {
            reply(refreshToken: "hush-3")
        }
        let http = ScriptedTransport([refuse, accept])
        #expect(isToken(await refresh(store, http)))
        #expect(http.requests.map { $0.sentField("refresh_token") } == ["hush-1", "hush-2"])
        #expect(store[key] == signIn("hush-3").document)
    }

    /// A clock on which something happens while somebody waits.
    private struct EventfulClock: WallClock {
        let event: @Sendable () -> Void
        var now: Date { Date(timeIntervalSince1970: 1_700_000_000) }
        func sleep(until deadline: Date) async throws(CancellationError) { event() }
    }

    @Test func `waits a moment for a process that was faster, and loses nothing`() async {
        let store = MemorySecretStore([key: signIn("hush-1").document])
        let http = ScriptedTransport(.success(refusal("invalid_grant")), .success(reply(refreshToken: "hush-3")))
        let clock = EventfulClock { store[key] = signIn("hush-2").document }
        #expect(isToken(await refresh(store, http, clock: clock)))
        #expect(http.requests.map { $0.sentField("refresh_token") } == ["hush-1", "hush-2"])
        #expect(store[key] == signIn("hush-3").document)
    }

    @Test func `does not bring back what was forgotten while it waited`() async {
        let store = MemorySecretStore([key: signIn("hush-1").document])
        let http = ScriptedTransport(.success(refusal("invalid_grant")))
        #expect(!isToken(await refresh(store, http, clock: EventfulClock { store[key] = nil })))
        #expect(http.requests.count == 1)
        #expect(store[key] == nil)
    }

    @Test func `forgets the second, too, if that is refused, and asks no third time`() async {
        let store = MemorySecretStore([key: signIn("hush-1").document])
        @Sendable func rotate(_ request: HTTPRequest) async throws(HTTPTransportError) -> HTTPResponse {
            store[key] = signIn("hush-2").document
            return refusal("invalid_grant")
        }
        @Sendable func refuse(_ request: HTTPRequest) async throws(HTTPTransportError) -> HTTPResponse {
            refusal("invalid_grant")
        }
        let http = ScriptedTransport([rotate, refuse])
        #expect(!isToken(await refresh(store, http)))
        #expect(http.requests.count == 2)
        #expect(store[key] == nil)
    }

    @Test(arguments: [
        (refusal("interaction_required", code: 50076), nil), (refusal("login_required"), nil),
        (refusal("consent_required"), nil), (refusal("invalid_grant", code: 65001, more: consent), nil),
        (refusal("interaction_required", code: 50079, more: demand), #"{"access_token":{"x":null}}"#),
        (refusal("invalid_grant", code: 50020), nil), (refusal("invalid_grant", code: 50034), nil),
        (refusal("invalid_grant", code: 90072), nil), (refusal("invalid_grant", code: 50076), nil),
    ])
    func `says where the person is wanted, and forgets nothing`(_ response: HTTPResponse, claims: String?) async {
        let store = MemorySecretStore([key: signIn("hush-1").document])
        guard
            case .success(.personNeeded(_, let demanded)) = await refresh(store, ScriptedTransport(.success(response)))
        else {
            Issue.record("not asked for")
            return
        }
        #expect(demanded == claims)
        #expect(store[key] == signIn("hush-1").document)
    }

    static let consent = #","suberror":"consent_required""#
    static let demand = #","claims":"{\"access_token\":{\"x\":null}}""#

    @Test(arguments: [
        (Result<HTTPResponse, HTTPTransportError>.failure(.timeout), Diagnosis.Kind.temporary),
        (.success(.text("", status: 503)), .temporary),
        (.success(refusal("temporarily_unavailable")), .temporary),
        (.success(refusal("invalid_grant", code: 53003)), .refused), (.success(refusal("invalid_client")), .refused),
        (.success(.text("<html>", status: 403)), .refused),
    ])
    func `forgets nothing where signing in again would not help`(
        _ answer: Result<HTTPResponse, HTTPTransportError>, kind: Diagnosis.Kind
    ) async {
        let store = MemorySecretStore([key: signIn("hush-1").document])
        guard case .failure(let error) = await refresh(store, ScriptedTransport(answer)) else {
            Issue.record("no error")
            return
        }
        #expect(error.diagnosis?.kind == kind)
        #expect(store[key] == signIn("hush-1").document)
    }
}
