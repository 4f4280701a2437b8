import CredentialHTTP
import CredentialTesting
import FoundationEssentials
import Testing
import TokenCredentials

@testable import EntraTokenEndpoint

@Suite struct `The token endpoint` {
    @Test func `is asked with exactly this request for a client secret`() async throws {
        let http = ScriptedTransport(.success(.text(goodReply)))
        _ = try await endpoint(http).token(.clientSecret("s3cr+t~value"), for: TokenRequest(postgresScope))
        let sent = try #require(http.requests.first)
        #expect(sent.method == .post)
        #expect(sent.url == "https://login.microsoftonline.com/contoso.example/oauth2/v2.0/token")
        #expect(sent.header("Content-Type") == "application/x-www-form-urlencoded")
        #expect(sent.header("Accept") == "application/json")
        #expect(UUID(uuidString: sent.header("client-request-id") ?? "") != nil)
        #expect(sent.headers.count == 3)
        #expect(
            sent.sentForm == [
                "client_id=\(client)", "scope=\(postgresScope)", "grant_type=client_credentials",
                "client_secret=s3cr+t~value",
            ])
        #expect(sent.bodyText.contains("client_secret=s3cr%2Bt~value"))
        #expect(sent.proxy == .fromEnvironment)
        #expect(sent.trust == .system)
    }

    static let assertionType = "client_assertion_type=urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
    static let signIn = "scope=https://r/.default openid profile offline_access"

    @Test(
        arguments: [
            (
                TokenGrant.clientAssertion("a.b.c"),
                ["scope=https://r/.default", "grant_type=client_credentials", assertionType, "client_assertion=a.b.c"]
            ),
            (
                .onBehalfOf(assertion: "u.s.r", .secret("s")),
                [
                    "scope=https://r/.default", "grant_type=urn:ietf:params:oauth:grant-type:jwt-bearer",
                    "assertion=u.s.r", "requested_token_use=on_behalf_of", "client_secret=s",
                ]
            ),
            (
                .authorizationCode("c0de", redirectURI: "http://localhost:8400", verifier: "v", .assertion("a.b.c")),
                [
                    signIn, "grant_type=authorization_code", "code=c0de", "redirect_uri=http://localhost:8400",
                    "code_verifier=v", assertionType, "client_assertion=a.b.c", "client_info=1",
                ]
            ),
            (.refreshToken("r3f"), [signIn, "grant_type=refresh_token", "refresh_token=r3f", "client_info=1"]),
            (
                .deviceCode("d3v"),
                [
                    signIn, "grant_type=urn:ietf:params:oauth:grant-type:device_code", "device_code=d3v",
                    "client_info=1",
                ]
            ),
            (
                .password(user: "bob@contoso.example", password: "p&=+ ä"),
                [signIn, "grant_type=password", "username=bob@contoso.example", "password=p&=+ ä", "client_info=1"]
            ),
        ])
    func `is sent every field of a grant and no other`(_ grant: TokenGrant, fields: [String]) async throws {
        let http = ScriptedTransport(.success(.text(goodReply)))
        _ = try await endpoint(http).token(grant, for: TokenRequest("https://r/.default"))
        #expect(http.requests.first?.sentForm == ["client_id=\(client)"] + fields)
    }

    @Test func `is asked again where waiting helps, and never after a refusal`() async throws {
        let busy = HTTPResponse.text("busy", status: 503, headers: [("Retry-After", "5")])
        let http = ScriptedTransport(.success(busy), .success(.text(goodReply)))
        let clock = ManualClock()
        let endpoint = endpoint(http, retrying: .tokenEndpoint, clock: clock)
        async let reply = endpoint.token(.clientSecret("s"), for: TokenRequest(postgresScope))
        await clock.waitForSleepers()
        #expect(clock.deadlines == [clock.now.addingTimeInterval(5)])
        clock.advance(by: .seconds(5))
        // The life of a token counts from its arrival, not from the first attempt.
        #expect(try await reply.token.expiresAt == clock.now.addingTimeInterval(3599))
        let refusing = ScriptedTransport(
            .success(.text(#"{"error":"invalid_client"}"#, status: 400)),
            .success(.text(#"{"error":"invalid_client"}"#, status: 401)))
        for count in 1...2 {
            let refused = self.endpointForRefusal(refusing, clock)
            _ = await failure { () async throws(CredentialError) in
                try await refused.token(.clientSecret("s"), for: TokenRequest(postgresScope))
            }
            #expect(refusing.requests.count == count)
        }
    }

    private func endpointForRefusal(_ http: ScriptedTransport, _ clock: ManualClock) -> TokenEndpoint {
        endpoint(http, retrying: .tokenEndpoint, clock: clock)
    }

    static let repeatable: [(TokenGrant, Bool)] = [
        (.clientSecret("s"), true), (.clientAssertion("a.b.c"), true), (.refreshToken("r"), true),
        (.onBehalfOf(assertion: "u.s.r", .secret("s")), true),
        // What may be used up: a code, and a person's tries.
        (.authorizationCode("c", redirectURI: "http://localhost:1", verifier: "v"), false),
        (.deviceCode("d"), false), (.password(user: "ada@contoso.example", password: "p"), false),
    ]

    @Test(arguments: repeatable)
    func `is asked again after a reply that broke off, unless the grant may be used up`(
        _ grant: TokenGrant, isRepeated: Bool
    ) async {
        for reason in ["reset", "closed without a reply", "cut off"] {
            let http = ScriptedTransport(.failure(.brokenReply(reason)), .success(.text(goodReply)))
            let clock = HastyClock()
            let endpoint = TokenEndpoint(
                authority: AzureCloud.public.authority, tenant: "contoso.example", clientID: client, http: http,
                clock: clock)
            let error = await failure { () async throws(CredentialError) in
                try await endpoint.token(grant, for: TokenRequest(postgresScope))
            }
            #expect((error == nil) == isRepeated)
            #expect(http.requests.count == (isRepeated ? 2 : 1))
        }
    }

    @Test func `is not asked again through a proxy that denies the way`() async {
        let proxy = HTTPTransportError.proxyDenied("it demands a user name and password (HTTP 407)")
        for answer in [
            Result<HTTPResponse, HTTPTransportError>.failure(proxy), .success(.text("", status: 407)),
        ] {
            let http = StubTransport(answer)
            let clock = HastyClock()
            let endpoint = TokenEndpoint(
                authority: AzureCloud.public.authority, tenant: "contoso.example", clientID: client, http: http,
                clock: clock)
            let error = await failure { () async throws(CredentialError) in
                try await endpoint.token(.clientSecret("s"), for: TokenRequest(postgresScope))
            }
            #expect(clock.pauses.isEmpty)
            #expect(error?.diagnosis?.remedy?.contains("HTTPS_PROXY") == true)
            #expect(error?.diagnosis?.kind == .refused)
            #expect(error?.diagnosis?.problem.contains("407") == true)
        }
    }

    @Test func `gives a new request id to each request`() async throws {
        let http = ScriptedTransport(.success(.text(goodReply)), .success(.text(goodReply)))
        let endpoint = endpoint(http)
        for _ in 0..<2 { _ = try await endpoint.token(.clientSecret("s"), for: TokenRequest(postgresScope)) }
        #expect(Set(http.requests.map { $0.header("client-request-id") }).count == 2)
    }

    @Test func `is reached by another way where there is one`() async throws {
        let http = ScriptedTransport(.success(.text(goodReply)))
        var endpoint = endpoint(http)
        endpoint.route = .init(
            url: "https://proxy.example:7443/base", trust: .authorities(pem: "PEM"), serverName: "token.svc")
        _ = try await endpoint.token(.clientAssertion("a.b.c"), for: TokenRequest(postgresScope))
        let sent = try #require(http.requests.first)
        #expect(sent.url == "https://proxy.example:7443/base/contoso.example/oauth2/v2.0/token")
        #expect(sent.trust == .authorities(pem: "PEM"))
        #expect(sent.serverName == "token.svc")
        #expect(sent.proxy == .never)
        #expect(
            try endpoint.address(for: TokenRequest(postgresScope))
                == "https://login.microsoftonline.com/contoso.example/oauth2/v2.0/token")
    }

    @Test(arguments: ["", "two words", "quote\"", "back\\slash", "line\nbreak", "nul\0", "ümlaut"])
    func `is not asked for what cannot be a scope`(_ scope: String) async {
        let http = ScriptedTransport()
        let error = await failure { () async throws(CredentialError) in
            try await endpoint(http).token(.clientSecret("s"), for: TokenRequest(scope))
        }
        #expect(error?.diagnosis?.kind == .misconfigured)
        #expect(http.requests.isEmpty)
    }

    @Test func `passes cancellation on`() async {
        let error = await failure { () async throws(CredentialError) in
            try await endpoint(ScriptedTransport(.failure(.cancelled)))
                .token(.clientSecret("s"), for: TokenRequest(postgresScope))
        }
        guard case .cancelled? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test(arguments: [
        (HTTPTransportError.unknownHost, Diagnosis.Kind.temporary), (.unreachable("no route"), .temporary),
        (.proxy("refused"), .temporary), (.connectTimeout, .temporary), (.timeout, .temporary),
        (.brokenReply("reset"), .temporary), (.tls("self-signed"), .misconfigured),
        (.bodyTooLarge(limit: 1_048_576), .misconfigured), (.invalidRequest("bad address"), .misconfigured),
    ])
    func `says why there was no reply`(_ cause: HTTPTransportError, kind: Diagnosis.Kind) async throws {
        let error = await failure { () async throws(CredentialError) in
            try await endpoint(ScriptedTransport(.failure(cause)))
                .token(.clientSecret("hush-hush"), for: TokenRequest(postgresScope))
        }
        let diagnosis = try #require(error?.diagnosis)
        #expect(error?.isFailed == true)
        #expect(diagnosis.problem == "login.microsoftonline.com \(cause)")
        #expect(diagnosis.kind == kind)
        #expect((diagnosis.retryAfter != nil) == (kind == .temporary))
        #expect(diagnosis.remedy?.hasSuffix(".") == true)
        #expect(diagnosis.cause as? HTTPTransportError == cause)
        #expect(!everythingShown(of: diagnosis).contains("hush-hush"))
    }

    @Test(arguments: [
        TokenGrant.clientSecret("hush-hush"), .clientAssertion("hush-hush"),
        .onBehalfOf(assertion: "hush-hush", .secret("hush-hush")),
        .authorizationCode("hush-hush", redirectURI: "", verifier: "hush-hush", .assertion("hush-hush")),
        .refreshToken("hush-hush"), .deviceCode("hush-hush"), .password(user: "", password: "hush-hush"),
    ])
    func `has grants that show nothing of what they hold`(_ grant: TokenGrant) {
        #expect(!everythingShown(of: grant).contains("hush"))
        #expect(!everythingShown(of: [grant]).contains("hush"))
        #expect(!everythingShown(of: ClientAuthentication.secret("hush-hush")).contains("hush"))
    }
}
