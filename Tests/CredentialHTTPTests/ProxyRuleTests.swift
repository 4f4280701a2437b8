import Testing
import TokenCredentials

@testable import CredentialHTTP

@Suite struct `The rule for proxies` {
    func route(_ url: String, _ environment: ProcessEnvironment) throws -> ProxyRule.Route {
        try ProxyRule(environment).route(to: Endpoint(url), use: .fromEnvironment)
    }

    @Test(
        arguments: [
            ("https://h/", ["https_proxy": "a:1"], "a:1"), ("https://h/", ["HTTPS_PROXY": "a:1"], "a:1"),
            ("https://h/", ["https_proxy": "a:1", "HTTPS_PROXY": "b:2", "all_proxy": "c:3"], "a:1"),
            ("https://h/", ["https_proxy": "", "HTTPS_PROXY": "b:2"], "b:2"),
            ("https://h/", ["http_proxy": "a:1"], nil), ("http://h/", ["http_proxy": "a:1"], "a:1"),
            ("http://h/", ["HTTP_PROXY": "a:1"], nil), ("http://h/", ["https_proxy": "a:1"], nil),
            ("http://h/", ["ALL_PROXY": "socks5h://a:1"], "socks5h://a:1"),
            ("https://h/", ["all_proxy": "a:1", "ALL_PROXY": "b:2"], "a:1"), ("https://h/", [:], nil),
            ("https://169.254.169.254/", ["https_proxy": "a:1"], nil), ("https://[::1]/", ["https_proxy": "a:1"], nil),
            ("https://localhost/", ["https_proxy": "a:1"], nil), ("https://127.0.0.9/", ["https_proxy": "a:1"], nil),
        ] as [(String, [String: String], String?)])
    func `takes the variable for the scheme`(url: String, variables: [String: String], proxy: String?) throws {
        #expect(try route(url, ProcessEnvironment(variables)) == proxy.map { .through($0) } ?? .direct)
    }

    @Test(arguments: [
        ("*", "h.test", true), ("h.test", "h.test", true), ("h.test", "a.h.test", true), (".h.test", "a.h.test", true),
        (".h.test", "h.test", true), ("*.h.test", "a.h.test", true), ("h.test", "ah.test", false),
        ("test", "h.test", true), ("H.TEST", "h.test", true), ("h.test.", "h.test", true),
        ("x,h.test", "h.test", true), ("x h.test y", "h.test", true), ("x, ,", "h.test", false),
        ("h.test:443", "h.test", true), ("h.test:444", "h.test", false), ("10.1.2.3", "10.1.2.3", true),
        ("2.3", "10.1.2.3", false), ("10.0.0.0/8", "10.1.2.3", true), ("10.0.0.0/16", "10.1.2.3", false),
        ("0.0.0.0/0", "10.1.2.3", true), ("10.0.0.0/33", "10.1.2.3", false), ("10.0.0.0/8", "h.test", false),
        ("2001:db8::1", "[2001:db8::1]", true), ("[2001:db8::1]", "[2001:db8::1]", true), (".", "h.test", false),
    ])
    func `leaves out what no_proxy names`(list: String, host: String, isDirect: Bool) throws {
        for name in ["no_proxy", "NO_PROXY"] {
            let route = try route("https://\(host)/", ProcessEnvironment(["https_proxy": "a:1", name: list]))
            #expect((route == .direct) == isDirect)
        }
    }

    @Test(arguments: ["ftp://hidden-pass@h", "http://", "http://hidden-pass h", "hidden-pass\r\nX:", "://hidden-pass"])
    func `names the variable that holds no address, and not what it holds`(value: String) {
        #expect(
            throws: HTTPTransportError.invalidRequest("the variable HTTPS_PROXY does not hold the address of a proxy")
        ) {
            try route("https://h/", ["HTTPS_PROXY": value])
        }
    }
}
