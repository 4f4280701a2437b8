import Testing
import TokenCredentials

@testable import CredentialHTTP

@Suite struct `A request that is checked` {
    static let secret = "hidden-part"

    func refusal(_ request: HTTPRequest) -> String? {
        do throws(HTTPTransportError) {
            _ = try CheckedRequest(request, environment: [:])
            return nil
        } catch {
            #expect(!"\(error)".contains(Self.secret))
            if case .invalidRequest(let reason) = error { return reason }
            return "another error: \(error)"
        }
    }

    @Test(arguments: [
        "", "login.example.test", "ftp://h/", "file:///etc/passwd", "https:/h", "https:h", "://h", "https://",
        "https:///path", "https://user:\(secret)@h/", "https://h@\(secret)/", "https://h:0/", "https://h:65536/",
        "https://h:/", "https://h:12a/", "https://h:+1/", "https://h /", "https://h/\(secret) x", "https://h/\u{7F}",
        "https://h/a\r\nX: \(secret)", "https://h\u{0}/", "https://h\\@\(secret)/", "https://h%00/", "https://[::1/",
        "https://[1::zz]/", "https://[::1]x/", "https://[::1%25eth0]/", "https://hö/", "https://h,\(secret)/",
        "https://\(String(repeating: "a", count: 254))/",
    ])
    func `has an address nobody can misread`(url: String) {
        let reason = refusal(HTTPRequest(.get, url))
        #expect(reason != nil && reason?.contains("another error") == false, "\(url): \(reason ?? "taken")")
    }

    @Test(arguments: [
        "https://h", "HTTPS://H.example.test./", "https://h?x=1", "https://h:8443/a/b?c=%20#d",
        "https://[2001:db8::1]:1/",
        "https://10.0.0.1/", "https://a_b.test/",
    ])
    func `may go anywhere with TLS`(url: String) {
        #expect(refusal(HTTPRequest(.get, url)) == nil)
    }

    @Test(arguments: [
        ("http://169.254.169.254/metadata", true), ("http://127.0.0.1:40342/x", true), ("http://127.9.9.9", true),
        ("http://localhost:1/", true), ("http://LOCALHOST/", true), ("http://[::1]/", true),
        ("http://[0:0::1]/", true), ("http://login.example.test/", false), ("http://10.0.0.1/", false),
        ("http://169.253.0.1/", false), ("http://127.1/", false), ("http://2130706433/", false),
        ("http://localhost.example.test/", false), ("http://169.254.169.254.example.test/", false),
        ("http://[::ffff:10.0.0.1]/", false),
    ])
    func `goes without TLS to this machine and its link only`(url: String, isAllowed: Bool) {
        let reason = refusal(HTTPRequest(.get, url))
        #expect((reason == nil) == isAllowed, "\(reason ?? "taken")")
        if !isAllowed { #expect(reason?.contains("without TLS") == true) }
        // An endpoint that the host itself names, as App Service and its kin do.
        #expect(refusal(HTTPRequest(.get, url, proxy: .never)) == nil)
    }

    @Test(arguments: [
        ("", "x"), ("A B", "x"), ("A:", "x"), ("A\r\nB", "x"), ("Ä", "x"), ("A", "\(secret)\r\nB: c"),
        ("A", "\(secret)\n"),
        ("A", "\u{0}\(secret)"), ("A", "é\(secret)"), ("Host", secret), ("content-length", "5"),
        ("Transfer-Encoding", "chunked"),
    ])
    func `has headers that stay headers`(name: String, value: String) {
        #expect(refusal(HTTPRequest(.get, "https://h/", headers: [(name, value)])) != nil)
    }

    @Test func `makes sense`() {
        #expect(refusal(HTTPRequest(.get, "https://h/", body: [1])) != nil)
        #expect(refusal(HTTPRequest(.get, "https://h/", bodyLimit: -1)) != nil)
        #expect(refusal(HTTPRequest(.get, "https://h/", trust: .pinned(sha1: [1, 2, 3]))) != nil)
        #expect(refusal(HTTPRequest(.get, "https://h/", serverName: "")) != nil)
        #expect(refusal(HTTPRequest(.get, "https://h/", serverName: "a:1:b")) != nil)
        #expect(refusal(HTTPRequest(.get, "http://127.0.0.1/", serverName: "a.test")) != nil)
        #expect(refusal(HTTPRequest(.get, "https://h/", serverName: "a.test")) == nil)
    }

    @Test func `is put together again from its parts`() throws {
        #expect(try Endpoint("HTTPS://H:443/a?b#c").url() == "https://h:443/a?b")
        #expect(try Endpoint("https://h:443").authority == "h")
        #expect(try Endpoint("http://[::1]:8080/").authority == "[::1]:8080")
        #expect(try Endpoint("https://h/x").url(host: "other.test") == "https://other.test:443/x")
    }
}
