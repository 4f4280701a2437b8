import CredentialHTTP
import CredentialTesting
import FoundationEssentials
import Testing
import TokenCredentials
import WorkloadIdentityCredentials

@Suite struct `The token proxy of a cluster` {
    private static let variables = [
        "AZURE_TENANT_ID": "contoso.example", "AZURE_CLIENT_ID": client, "AZURE_FEDERATED_TOKEN_FILE": "/token",
    ]

    private func credential(
        _ http: ScriptedTransport, _ more: [String: String], files: MemoryFiles = MemoryFiles(["/token": federated()])
    ) -> WorkloadIdentityCredential {
        WorkloadIdentityCredential(
            environment: ProcessEnvironment(Self.variables.merging(more) { $1 }), files: files, http: http,
            clock: ManualClock())
    }

    @Test(arguments: [
        ("https://proxy.example", "https://proxy.example"),
        ("https://PROXY.example:7443/", "https://proxy.example:7443"),
        ("https://proxy.example/a/b/", "https://proxy.example/a/b"),
    ])
    func `is asked in place of the authority`(_ address: String, base: String) async throws {
        let http = ScriptedTransport(.success(.text(goodReply)))
        let settings = [
            "AZURE_KUBERNETES_TOKEN_PROXY": address, "AZURE_KUBERNETES_SNI_NAME": "id.cluster.local",
            "AZURE_KUBERNETES_CA_DATA": "PEM",
        ]
        _ = try await credential(http, settings).token(for: TokenRequest(scope))
        let sent = try #require(http.requests.first)
        #expect(sent.url == base + "/contoso.example/oauth2/v2.0/token")
        #expect(sent.serverName == "id.cluster.local")
        #expect(sent.trust == .authorities(pem: "PEM"))
        #expect(sent.proxy == .never)
    }

    @Test func `is believed by the system's authorities unless others are named`() async throws {
        let http = ScriptedTransport(.success(.text(goodReply)))
        _ = try await credential(http, ["AZURE_KUBERNETES_TOKEN_PROXY": "https://p.example"])
            .token(for: TokenRequest(scope))
        #expect(http.requests.first?.trust == .system)
        #expect(http.requests.first?.serverName == nil)
    }

    @Test func `is believed by the file as it is now, or as it last was while it is empty`() async throws {
        let http = ScriptedTransport(
            .success(.text(goodReply)), .success(.text(goodReply)), .success(.text(goodReply)))
        let files = MemoryFiles(["/token": federated(), "/ca": "ONE"])
        let credential = credential(
            http, ["AZURE_KUBERNETES_TOKEN_PROXY": "https://p.example", "AZURE_KUBERNETES_CA_FILE": "/ca"], files: files
        )
        for text in ["ONE", "TWO", ""] {
            files["/ca"] = text
            _ = try await credential.token(for: TokenRequest(scope))
        }
        #expect(
            http.requests.map(\.trust) == [
                .authorities(pem: "ONE"), .authorities(pem: "TWO"), .authorities(pem: "TWO"),
            ])
    }

    @Test(arguments: [
        (["AZURE_KUBERNETES_SNI_NAME": "x"], "AZURE_KUBERNETES_TOKEN_PROXY is not"),
        (["AZURE_KUBERNETES_CA_FILE": "/ca"], "AZURE_KUBERNETES_TOKEN_PROXY is not"),
        (["AZURE_KUBERNETES_CA_DATA": "PEM"], "AZURE_KUBERNETES_TOKEN_PROXY is not"),
        (
            [
                "AZURE_KUBERNETES_TOKEN_PROXY": "https://p", "AZURE_KUBERNETES_CA_FILE": "/ca",
                "AZURE_KUBERNETES_CA_DATA": "P",
            ],
            "both set"
        ),
        (["AZURE_KUBERNETES_TOKEN_PROXY": "https://p", "AZURE_KUBERNETES_CA_FILE": "/none"], "/none is absent"),
        (["AZURE_KUBERNETES_TOKEN_PROXY": "https://p", "AZURE_KUBERNETES_CA_FILE": "/empty"], "/empty is empty"),
        (["AZURE_KUBERNETES_TOKEN_PROXY": "https://p", "AZURE_KUBERNETES_SNI_NAME": "a/b"], "not a host name"),
        (["AZURE_KUBERNETES_TOKEN_PROXY": "http://p"], "not an https address"),
        (["AZURE_KUBERNETES_TOKEN_PROXY": "p.example"], "not an https address"),
        (["AZURE_KUBERNETES_TOKEN_PROXY": "https://bob:hush@p"], "not an https address"),
        (["AZURE_KUBERNETES_TOKEN_PROXY": "https://p/?q"], "not an https address"),
        (["AZURE_KUBERNETES_TOKEN_PROXY": "https://p/#f"], "not an https address"),
        (["AZURE_KUBERNETES_TOKEN_PROXY": "https://p/../x"], "not an https address"),
        (["AZURE_KUBERNETES_TOKEN_PROXY": "https://p/a b"], "not an https address"),
        (["AZURE_KUBERNETES_TOKEN_PROXY": "https://"], "not an https address"),
    ])
    func `is not asked where its settings cannot be right`(_ settings: [String: String], words: String) async {
        let http = ScriptedTransport()
        let files = MemoryFiles(["/token": federated(), "/empty": "", "/ca": "PEM"])
        let error = await failure(of: credential(http, settings, files: files))
        guard case .failed(let diagnosis)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(diagnosis.problem.contains(words))
        #expect(diagnosis.kind == .misconfigured)
        #expect(!everythingShown(of: diagnosis).contains("hush"))
        #expect(http.requests.isEmpty)
    }

    static let troubles: [(Result<HTTPResponse, HTTPTransportError>, String, String)] = [
        (.failure(.unknownHost), "proxy.example has no address", "AZURE_KUBERNETES_TOKEN_PROXY"),
        (
            .failure(.unreachable("connection refused")), "proxy.example cannot be reached",
            "AZURE_KUBERNETES_TOKEN_PROXY"
        ),
        (.failure(.timeout), "proxy.example took the connection", "AZURE_KUBERNETES_TOKEN_PROXY"),
        (.failure(.brokenReply("reset")), "proxy.example broke off", "AZURE_KUBERNETES_TOKEN_PROXY"),
        (.failure(.tls("self-signed certificate")), "proxy.example could not be trusted", "AZURE_KUBERNETES_CA_FILE"),
        (.failure(.bodyTooLarge(limit: 9)), "proxy.example answered", "AZURE_KUBERNETES_TOKEN_PROXY"),
        (.success(.text("<html>", status: 502)), "proxy.example is in trouble", "AZURE_KUBERNETES_TOKEN_PROXY"),
        (.success(.text("no", status: 403)), "proxy.example answered 403", "AZURE_KUBERNETES_TOKEN_PROXY"),
        (.success(.text("", status: 404)), "proxy.example has no token endpoint", "AZURE_KUBERNETES_TOKEN_PROXY"),
        (.success(.text("", status: 302)), "proxy.example answered with a redirect", "AZURE_KUBERNETES_TOKEN_PROXY"),
        (.success(.text("<html>")), "proxy.example answered with a web page", "AZURE_KUBERNETES_TOKEN_PROXY"),
        (.success(.text("{}")), "proxy.example answered without a token", "AZURE_KUBERNETES_TOKEN_PROXY"),
        (.success(refusal(90002)), "no tenant contoso.example", "AZURE_KUBERNETES_TOKEN_PROXY"),
        (
            .success(.text(#"{"error":"invalid_thing"}"#, status: 400)), "proxy.example refused",
            "AZURE_CLIENT_ID"
        ),
    ]

    @Test(arguments: troubles)
    func `is what an error names, and not the authority behind it`(
        _ answer: Result<HTTPResponse, HTTPTransportError>, words: String, setting: String
    ) async throws {
        let settings = [
            "AZURE_KUBERNETES_TOKEN_PROXY": "https://proxy.example:7443/base",
            "AZURE_AUTHORITY_HOST": "https://login.microsoftonline.us",
        ]
        let http = StubTransport(answer)
        let credential = WorkloadIdentityCredential(
            environment: ProcessEnvironment(Self.variables.merging(settings) { $1 }),
            files: MemoryFiles(["/token": federated()]), http: http, clock: HastyClock())
        let diagnosis = try #require(await failure(of: credential)?.diagnosis)
        #expect(diagnosis.problem.contains(words), "\(diagnosis.problem)")
        #expect(diagnosis.remedy?.contains(setting) == true, "\(diagnosis.remedy ?? "")")
        for other in ["login.microsoftonline.us", "AZURE_AUTHORITY_HOST", "HTTPS_PROXY", "SSL_CERT_FILE"] {
            #expect(!"\(diagnosis)".contains(other), "\(other): \(diagnosis)")
        }
    }
}
