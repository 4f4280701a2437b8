import CredentialHTTP
import CredentialTesting
import EntraSignIn
import FoundationEssentials
import Glibc
import SecretStoreCredentials
import Testing
import TokenCredentials

@Suite struct `A sign-in that is kept` {
    private func credential(
        _ store: MemorySecretStore, _ http: ScriptedTransport, _ environment: ProcessEnvironment = [:]
    ) -> SecretStoreCredential {
        SecretStoreCredential(environment: environment, store: store, http: http, clock: HastyClock())
    }

    private func failure(
        of store: MemorySecretStore, _ http: ScriptedTransport = ScriptedTransport(),
        _ environment: ProcessEnvironment = [:]
    ) async throws -> CredentialError {
        let kept = credential(store, http, environment)
        let error = try await #require(throws: CredentialError.self) { try await kept.token(for: request) }
        #expect(!everythingShown(of: error).contains("hush"))
        #expect(http.unused == 0)
        return error
    }

    @Test func `is exchanged for a token, and its successor is kept`() async throws {
        let store = MemorySecretStore([key: signIn().document])
        let http = ScriptedTransport(.success(reply(refreshToken: "hush-2")))
        let kept = credential(store, http)
        #expect(try await kept.token(for: request).secret == "t0ken")
        #expect(http.requests.map(\.method) == [.post])
        #expect(http.requests.map(\.url) == ["https://login.microsoftonline.com/contoso.example/oauth2/v2.0/token"])
        #expect(
            http.requests.first?.sentForm == [
                "client_id=\(clientID)", "scope=\(request.scopes[0]) openid profile offline_access",
                "grant_type=refresh_token", "refresh_token=hush-1", "client_info=1",
            ])
        #expect(store[key]?.contains("hush-2") == true)
        #expect(store.writes.count == 1)
        #expect(!everythingShown(of: kept).contains("hush"))
    }

    @Test func `is used in the tenant that is configured, whatever the identity that is configured beside it`()
        async throws
    {
        let store = MemorySecretStore([key: signIn().document])
        let http = ScriptedTransport(.success(reply()))
        let environment: ProcessEnvironment = [
            "AZURE_TENANT_ID": "fabrikam.example", "AZURE_CLIENT_ID": "22222222-0000-4000-8000-000000000000",
        ]
        _ = try await credential(store, http, environment).token(for: request)
        #expect(http.requests.map(\.url) == ["https://login.microsoftonline.com/fabrikam.example/oauth2/v2.0/token"])
        #expect(http.requests.first?.sentForm.first == "client_id=\(clientID)")
        #expect(store.writes.isEmpty)
    }

    @Test func `does not apply to another cloud`() async throws {
        let store = MemorySecretStore([key: signIn().document])
        let error = try await failure(
            of: store, ScriptedTransport(), ["AZURE_AUTHORITY_HOST": "login.microsoftonline.us"])
        guard case .unavailable(let diagnosis) = error else {
            Issue.record("\(error)")
            return
        }
        #expect(
            diagnosis.problem
                == "the sign-in that is kept is for login.microsoftonline.com, and not for login.microsoftonline.us")
    }

    @Test(arguments: [nil, SecretStoreError.absent("there is no session bus")])
    func `does not apply where nothing is kept, or cannot be`(fault: SecretStoreError?) async throws {
        let store = MemorySecretStore()
        store.setFault(fault, when: .reading)
        let error = try await failure(of: store)
        guard case .unavailable(let diagnosis) = error else {
            Issue.record("\(error)")
            return
        }
        #expect(diagnosis.kind == .signInNeeded)
        #expect(diagnosis.remedy?.contains("passgres login") == true)
        #expect(diagnosis.problem.contains(fault == nil ? "nobody has signed in" : "there is no session bus"))
    }

    @Test func `is passed over where a locked store does not show what it holds`() async throws {
        let store = MemorySecretStore([key: signIn().document])
        store.setFault(.hidden("it shows nothing"), when: .reading)
        let error = try await failure(of: store)
        guard case .unavailable(let diagnosis) = error else {
            Issue.record("\(error)")
            return
        }
        #expect(diagnosis.problem.contains("nobody is known to have signed in") == true)
        #expect(diagnosis.problem.hasSuffix("it shows nothing"))
        #expect(diagnosis.remedy?.hasPrefix("Unlock the secret service") == true)
        #expect(diagnosis.kind == .signInNeeded)
    }

    @Test func `fails while it is locked`() async throws {
        let store = MemorySecretStore([key: signIn().document])
        store.setFault(.locked("its collection is locked"), when: .reading)
        let error = try await failure(of: store)
        guard case .failed(let diagnosis) = error else {
            Issue.record("\(error)")
            return
        }
        #expect(diagnosis.problem.contains("locked"))
        #expect(diagnosis.remedy?.hasPrefix("Unlock the keyring") == true)
    }

    @Test func `fails for now if the store does not answer`() async throws {
        let store = MemorySecretStore()
        store.setFault(.failed("it did not answer within 5.0 seconds"), when: .reading)
        let error = try await failure(of: store)
        guard case .failed(let diagnosis) = error else {
            Issue.record("\(error)")
            return
        }
        #expect(diagnosis.kind == .temporary)
        #expect(diagnosis.retryAfter != nil)
    }

    @Test(arguments: ["", "{}", "hush", #"{"version": 2}"#])
    func `fails if it is damaged, and stays where it is`(document: String) async throws {
        let store = MemorySecretStore([key: document])
        let error = try await failure(of: store)
        guard case .failed(let diagnosis) = error else {
            Issue.record("\(error)")
            return
        }
        #expect(diagnosis.kind == .signInNeeded)
        #expect(store[key] == document)
    }

    @Test func `stays where it is if the tenant that was asked does not know the account`() async throws {
        let store = MemorySecretStore([key: signIn().document])
        let body = #"{"error":"invalid_grant","error_codes":[50020]}"#
        let http = ScriptedTransport(.success(.text(body, status: 400)))
        let error = try await failure(of: store, http, ["AZURE_TENANT_ID": "fabrikam.example"])
        let diagnosis = try #require(error.diagnosis)
        #expect(diagnosis.kind == .signInNeeded)
        #expect(diagnosis.problem.contains("fabrikam.example"))
        #expect(diagnosis.remedy?.hasPrefix("Check the tenant (--tenant, AZURE_TENANT_ID), or sign in as ") == true)
        #expect(store[key] == signIn().document)
    }

    @Test(arguments: [
        refusal("invalid_grant"), refusal("interaction_required"), refusal("invalid_grant", suberror: "basic_action"),
    ])
    func `says to sign in again if Entra refuses it`(response: HTTPResponse) async throws {
        let store = MemorySecretStore([key: signIn().document])
        let error = try await failure(of: store, ScriptedTransport(.success(response)))
        guard case .failed(let diagnosis) = error else {
            Issue.record("\(error)")
            return
        }
        #expect(diagnosis.kind == .signInNeeded)
        #expect(diagnosis.remedy == "Sign in again: passgres login.")
    }

    @Test func `passes on that it was cancelled`() async throws {
        let store = MemorySecretStore()
        store.setFault(.cancelled, when: .reading)
        let error = try await failure(of: store)
        guard case .cancelled = error else {
            Issue.record("\(error)")
            return
        }
    }

    @Test func `fails if it is in a file that others can read`() async throws {
        let folder = try Folder()
        let environment: ProcessEnvironment = ["PASSGRES_SECRET_STORE": "file", "XDG_STATE_HOME": folder.path]
        let file = try #require(FileSecretStore(environment: environment))
        try await file.set(signIn().document, for: key)
        let http = ScriptedTransport(.success(reply(refreshToken: "hush-2")))
        let kept = SecretStoreCredential(environment: environment, http: http, clock: ManualClock())
        #expect(try await kept.token(for: request).secret == "t0ken")
        #expect(try await file.secret(for: key)?.contains("hush-2") == true)
        chmod(file.path, 0o644)
        let error = try await #require(throws: CredentialError.self) { try await kept.token(for: request) }
        #expect(error.diagnosis?.kind == .misconfigured)
        #expect(error.diagnosis?.problem.contains("is open to others (mode 0644; 0600 is wanted)") == true)
        #expect(!everythingShown(of: error).contains("hush"))
    }
}
