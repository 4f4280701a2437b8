import CredentialHTTP
import CredentialTesting
import Testing
import TokenCredentials

@Suite struct `Proxies of the curl transport` {
    let authority: TestAuthority
    let host = "login.example.test"

    init() throws {
        authority = try TestAuthority()
    }

    /// A proxy that grants a tunnel, and at the tunnel's end is the host itself.
    func proxy() throws -> LoopbackServer {
        try LoopbackServer(authority.identity("DNS:\(host)"), opening: .tunnel) { request in
            request.method == "CONNECT" ? .tunnel : .response(200, body: "from afar")
        }
    }

    func request(_ url: String? = nil, proxy: HTTPRequest.ProxyUse = .fromEnvironment) throws -> HTTPRequest {
        HTTPRequest(
            .post, url ?? "https://\(host)/token", headers: [("Authorization", "Bearer hidden-token")],
            body: Array("hidden-body".utf8), proxy: proxy, trust: .authorities(pem: try authority.pem))
    }

    @Test(arguments: ["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"])
    func `are taken from the environment, and shown nothing but the host`(variable: String) async throws {
        let proxy = try proxy()
        let transport = CurlTransport(environment: [variable: "http://me:p%40ss@127.0.0.1:\(proxy.port)"])
        let response = try await transport.send(request())
        #expect(response.body == Array("from afar".utf8))
        #expect(response.headers.map(\.name) == ["Content-Length"])
        try #require(proxy.requests.count == 2)
        let connect = proxy.requests[0]
        #expect(connect.target == "\(host):443")
        #expect(connect.header("Proxy-Authorization") == "Basic bWU6cEBzcw==")
        #expect(connect.header("Authorization") == nil)
        #expect(proxy.requests[1].header("Authorization") == "Bearer hidden-token")
        #expect(proxy.requests[1].header("Host") == host)
        #expect(proxy.requests[1].header("Proxy-Authorization") == nil)
        #expect(proxy.requests[1].serverName == host)
    }

    @Test func `are passed by for loopback addresses and where the request says so`() async throws {
        let proxy = try proxy()
        let environment = ["https_proxy", "http_proxy", "all_proxy", "HTTP_PROXY"].map {
            ($0, "http://127.0.0.1:\(proxy.port)")
        }
        let transport = CurlTransport(environment: ProcessEnvironment(Dictionary(uniqueKeysWithValues: environment)))
        let plain = try LoopbackServer { _ in .response(200) }
        let secure = try LoopbackServer(authority.identity()) { _ in .response(200) }
        for url in [plain.url, secure.url, "https://localhost:\(secure.port)"] {
            for use in [HTTPRequest.ProxyUse.fromEnvironment, .never] {
                #expect(try await transport.send(request(url, proxy: use)).status == 200)
            }
        }
        #expect(proxy.connectionCount == 0)
        await #expect(throws: HTTPTransportError.unknownHost) {
            try await transport.send(request("https://\(host)..invalid/", proxy: .never))
        }
        #expect(proxy.connectionCount == 0)
    }

    @Test func `are passed by for hosts in NO_PROXY`() async throws {
        let proxy = try proxy()
        let transport = CurlTransport(environment: [
            "HTTPS_PROXY": "http://127.0.0.1:\(proxy.port)", "NO_PROXY": "other.test, .invalid",
        ])
        await #expect(throws: HTTPTransportError.unknownHost) {
            try await transport.send(request("https://a..invalid/"))
        }
        #expect(proxy.connectionCount == 0)
        #expect(try await transport.send(request()).status == 200)
    }

    @Test(arguments: [
        (407, HTTPTransportError.proxyDenied("it demands a user name and password (HTTP 407)")),
        (403, .proxyDenied("it answered HTTP 403")), (502, .proxy("it answered HTTP 502")),
    ])
    func `are blamed when they grant no tunnel`(status: Int, error: HTTPTransportError) async throws {
        let proxy = try LoopbackServer { _ in .response(status, body: "go away") }
        let transport = CurlTransport(environment: ["HTTPS_PROXY": "http://me:hidden-pass@127.0.0.1:\(proxy.port)"])
        await #expect(throws: error) { try await transport.send(request()) }
    }

    @Test(arguments: [(407, 1), (403, 1), (401, 1), (502, 4), (503, 4), (429, 4)])
    func `are asked again only where that can help`(status: Int, times: Int) async throws {
        let proxy = try LoopbackServer { _ in .response(status, body: "go away") }
        let transport = RetryingTransport(
            CurlTransport(environment: ["HTTPS_PROXY": "http://127.0.0.1:\(proxy.port)"]), clock: HastyClock())
        await #expect(throws: HTTPTransportError.self) { try await transport.send(request()) }
        #expect(proxy.requests.count == times)
    }

    @Test func `are blamed, without their passwords, when they cannot be used`() async throws {
        let gone = try LoopbackServer { _ in .silence }
        let port = gone.port
        gone.stop()
        let silent = try LoopbackServer { _ in .silence }
        for address in [
            "http://me:hidden-pass@127.0.0.1:\(port)",
            "http://me:hidden-pass@a..invalid",
            "http://me:hidden-pass@127.0.0.1:99999", "me:hidden-pass@[::", "socks5://me:hidden-pass@127.0.0.1:\(port)",
            "http://me:hidden-pass@127.0.0.1:\(silent.port)",
        ] {
            let transport = CurlTransport(environment: ["HTTPS_PROXY": address])
            var request = try request("https://\(host)/token?code=hidden-code")
            request.timeout = .milliseconds(300)
            let error = await #expect(throws: HTTPTransportError.self) { try await transport.send(request) }
            var dumped = ""
            dump(error, to: &dumped)
            for text in ["\(String(describing: error))", String(reflecting: error), dumped] {
                #expect(!text.contains("hidden"), "\(address)")
            }
            if case .proxy = error {} else if error != .connectTimeout { Issue.record("\(address): \(dumped)") }
        }
    }
}
