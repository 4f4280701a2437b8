import CredentialHTTP
import CredentialTesting
import FoundationEssentials
import Testing
import TokenCredentials
import WorkloadIdentityCredentials

@Suite struct `The workload identity credential` {
    private static let variables = [
        "AZURE_TENANT_ID": "contoso.example", "AZURE_CLIENT_ID": client, "AZURE_FEDERATED_TOKEN_FILE": "/token",
    ]

    private func credential(
        _ http: ScriptedTransport, _ more: [String: String] = [:],
        files: MemoryFiles = MemoryFiles(["/token": federated()]),
        clock: ManualClock = ManualClock()
    ) -> WorkloadIdentityCredential {
        let variables = Self.variables.merging(more) { $1 }
        return WorkloadIdentityCredential(
            environment: ProcessEnvironment(variables), files: files, http: http, clock: clock)
    }

    @Test(arguments: ["", "\n", " \t\r\n", "\u{FEFF}", "\u{FEFF}\n"])
    func `exchanges the token in the file, without the white space and the mark round it`(_ space: String) async throws
    {
        let http = ScriptedTransport(.success(.text(goodReply)))
        let files = MemoryFiles(["/token": space + federated() + space.replacing("\u{FEFF}", with: "")])
        let token = try await credential(http, files: files).token(for: TokenRequest(scope))
        #expect(token.secret == "eyJ0.eyJ1.c2ln")
        let sent = try #require(http.requests.first)
        #expect(sent.method == .post)
        #expect(sent.url == "https://login.microsoftonline.com/contoso.example/oauth2/v2.0/token")
        #expect(
            sent.sentForm == [
                "client_id=\(client)", "scope=\(scope)", "grant_type=client_credentials",
                "client_assertion_type=urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
                "client_assertion=\(federated())",
            ])
        #expect(sent.trust == .system)
        #expect(sent.serverName == nil)
    }

    @Test func `reads the file anew for every token`() async throws {
        let http = ScriptedTransport(.success(.text(goodReply)), .success(.text(goodReply)))
        let files = MemoryFiles(["/token": federated(mark: "one")])
        let credential = credential(http, files: files)
        _ = try await credential.token(for: TokenRequest(scope))
        files["/token"] = federated(mark: "two")
        _ = try await credential.token(for: TokenRequest(scope))
        #expect(
            http.requests.map { $0.sentField("client_assertion") } == [federated(mark: "one"), federated(mark: "two")])
    }

    @Test func `takes what is given in code before what the environment says`() async throws {
        let http = ScriptedTransport(.success(.text(goodReply)))
        let credential = WorkloadIdentityCredential(
            tenant: "fabrikam.example", clientID: "other-client", tokenFile: "/other",
            environment: ProcessEnvironment(Self.variables), files: MemoryFiles(["/other": federated()]), http: http,
            clock: ManualClock())
        _ = try await credential.token(for: TokenRequest(scope))
        #expect(http.requests.first?.url.contains("/fabrikam.example/") == true)
        #expect(http.requests.first?.sentField("client_id") == "other-client")
    }

    @Test(arguments: ["https://login.microsoftonline.us/", "login.microsoftonline.us"])
    func `asks the authority that is set`(_ authority: String) async throws {
        let http = ScriptedTransport(.success(.text(goodReply)))
        _ = try await credential(http, ["AZURE_AUTHORITY_HOST": authority]).token(for: TokenRequest(scope))
        #expect(http.requests.first?.url == "https://login.microsoftonline.us/contoso.example/oauth2/v2.0/token")
    }

    @Test func `does not apply where no file is named`() async {
        let credential = credential(ScriptedTransport(), ["AZURE_FEDERATED_TOKEN_FILE": ""])
        let error = await failure(of: credential)
        guard case .unavailable(let diagnosis)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(diagnosis.problem == "AZURE_FEDERATED_TOKEN_FILE is not set")
        #expect(credential.configuration == .notConfigured("AZURE_FEDERATED_TOKEN_FILE is not set"))
    }

    @Test(arguments: [
        (["AZURE_TENANT_ID": ""], "AZURE_TENANT_ID is not"), (["AZURE_CLIENT_ID": ""], "AZURE_CLIENT_ID is not"),
        (["AZURE_TENANT_ID": "", "AZURE_CLIENT_ID": ""], "AZURE_CLIENT_ID and AZURE_TENANT_ID are not"),
        (["AZURE_TENANT_ID": "../../x"], #"AZURE_TENANT_ID is not a tenant: "../../x""#),
        (["AZURE_TENANT_ID": "common"], "an application cannot sign in to that"),
        (["AZURE_CLIENT_ID": "a b"], "AZURE_CLIENT_ID is not a client id"),
        (["AZURE_AUTHORITY_HOST": "http://login.example"], "must begin with https://"),
        (["AZURE_AUTHORITY_HOST": "https://bob:hush@login.example"], "no user name or password"),
        (["AZURE_AUTHORITY_HOST": "https://login.example/?x"], "no path, query or fragment"),
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
        #expect(diagnosis.remedy != nil)
        #expect(!everythingShown(of: diagnosis).contains("hush"))
        #expect(http.requests.isEmpty)
    }

    static let badFiles: [(contents: String?, fault: FileError.Reason?, words: String)] = [
        (nil, nil, "there is no federated token file /token"), ("", nil, "the federated token file /token is empty"),
        (" \r\n", nil, "the federated token file /token is empty"),
        ("hush-hush", nil, "does not hold a JSON Web Token"), ("a.b.c", nil, "does not hold a JSON Web Token"),
        ("a.b.c.d.e", nil, "does not hold a JSON Web Token"),
        (federated().replacing(".", with: "\n."), nil, "does not hold a JSON Web Token"),
        (federated() + "\r\nX-Header: y", nil, "does not hold a JSON Web Token"),
        (federated() + "\0", nil, "does not hold a JSON Web Token"),
        (String(repeating: "a", count: 65_537), nil, "longer than 65536 bytes"),
        (String(repeating: "a", count: 1_000_000), nil, "longer than 65536 bytes"),
        ("", .notARegularFile, "it is not a regular file"), ("", .system(errno: 13), "Permission denied"),
    ]

    @Test(arguments: badFiles)
    func `fails for a file that holds no token`(_ contents: String?, fault: FileError.Reason?, words: String) async {
        let http = ScriptedTransport()
        let files = MemoryFiles()
        files["/token"] = contents
        files.setFault(fault, at: "/token")
        let error = await failure(of: credential(http, files: files))
        guard case .failed(let diagnosis)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(diagnosis.problem.contains(words))
        #expect(diagnosis.problem.contains("/token"))
        #expect(diagnosis.kind == .misconfigured)
        #expect(!everythingShown(of: diagnosis).contains("hush"))
        #expect(http.requests.isEmpty)
    }

    @Test func `reads a directory as no token`() async {
        let credential = WorkloadIdentityCredential(
            tokenFile: "/", environment: ProcessEnvironment(Self.variables), http: ScriptedTransport())
        #expect(await failure(of: credential)?.diagnosis?.problem.contains("Is a directory") == true)
    }

    @Test func `looks again a second later where the token has ended`() async throws {
        let http = ScriptedTransport(.success(.text(goodReply)))
        let clock = ManualClock()
        let files = MemoryFiles(["/token": federated(ends: 1_700_000_000, mark: "old")])
        let credential = credential(http, files: files, clock: clock)
        async let token = credential.token(for: TokenRequest(scope))
        await clock.waitForSleepers()
        #expect(clock.deadlines == [Date(timeIntervalSince1970: 1_700_000_001)])
        files["/token"] = federated(mark: "new")
        clock.advance(by: .seconds(1))
        _ = try await token
        #expect(http.requests.map { $0.sentField("client_assertion") } == [federated(mark: "new")])
    }

    @Test func `sends a token that has ended by this clock, which may be wrong, and says when it ended`() async throws {
        let clock = ManualClock()
        let http = ScriptedTransport(.success(refusal(700_024)))
        let credential = credential(
            http, files: MemoryFiles(["/token": federated(ends: 1_699_999_999)]), clock: clock)
        async let outcome = failure(of: credential)
        await clock.waitForSleepers()
        clock.advance(by: .seconds(1))
        await clock.waitForSleepers()
        clock.advance(by: .seconds(1))
        let diagnosis = try #require(await outcome?.diagnosis)
        #expect(http.requests.count == 1)
        #expect(diagnosis.remedy?.contains("ends at 2023-11-14T22:13:19Z") == true)
        #expect(diagnosis.facts.contains(.init("token ends", "2023-11-14T22:13:19Z")))
        #expect(diagnosis.facts.contains(.init("token issued", "2023-11-14T21:56:40Z")))
    }

    @Test func `tries a token that was replaced while the old one was on its way`() async throws {
        let files = MemoryFiles(["/token": federated(mark: "old")])
        @Sendable func replace(_ request: HTTPRequest) async throws(HTTPTransportError) -> HTTPResponse {
            files["/token"] = federated(mark: "new")
            return refusal(700_024)
        }
        @Sendable func answer(_ request: HTTPRequest) async throws(HTTPTransportError) -> HTTPResponse {
            .text(goodReply)
        }
        let http = ScriptedTransport([replace, answer])
        _ = try await credential(http, files: files).token(for: TokenRequest(scope))
        #expect(
            http.requests.map { $0.sentField("client_assertion") } == [federated(mark: "old"), federated(mark: "new")])
    }

    @Test func `does not send the same token twice`() async {
        let http = ScriptedTransport(.success(refusal(700_024)))
        #expect(await failure(of: credential(http))?.diagnosis?.problem.contains("AADSTS700024") == true)
        #expect(http.requests.count == 1)
    }

    @Test(arguments: [70021, 700_211, 700_212, 700_213])
    func `says what to register where nothing matches the token`(_ code: Int) async throws {
        let http = ScriptedTransport(.success(refusal(code)))
        let error = await failure(of: credential(http))
        let diagnosis = try #require(error?.diagnosis)
        #expect(diagnosis.kind == .refused)
        #expect(diagnosis.problem.hasSuffix("(AADSTS\(code))"))
        #expect(
            diagnosis.remedy?.contains(
                "az identity federated-credential create --name NAME --identity-name IDENTITY --resource-group GROUP "
                    + "--issuer 'https://oidc.example/abc/' --subject 'system:serviceaccount:shop:api' "
                    + "--audiences 'api://x'") == true)
        #expect(diagnosis.facts.contains(.init("presented issuer", "https://oidc.example/abc/")))
        #expect(diagnosis.facts.contains(.init("presented subject", "system:serviceaccount:shop:api")))
        #expect(diagnosis.facts.contains(.init("presented audience", "api://x")))
        #expect(!everythingShown(of: diagnosis).contains("hush"))
    }

    @Test func `prints a token's claims so that a shell and a terminal stay safe`() async throws {
        let http = ScriptedTransport(.success(refusal(700_213)))
        let files = MemoryFiles([
            "/token": federated(subject: #"a'; rm -rf ~ #\u001b[2J\n\u202e"#, audience: #""api://x""#)
        ])
        let remedy = try #require(await failure(of: credential(http, files: files))?.diagnosis?.remedy)
        #expect(remedy.contains(#"--subject 'a'\''; rm -rf ~ #\u001b[2J\u000a\u202e' --audiences 'api://x'"#))
    }

    @Test func `shows nothing of the token`() async throws {
        for code in [700_024, 700_213, 700_016] {
            let credential = credential(ScriptedTransport(.success(refusal(code))))
            let error = await failure(of: credential)
            for shown in [everythingShown(of: error as Any), everythingShown(of: credential)] {
                for part in federated().split(separator: ".") { #expect(!shown.contains(part)) }
            }
        }
    }
}
