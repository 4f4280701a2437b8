import CredentialHTTP
import Testing
import TokenCredentials

@Suite struct `The curl transport` {
    let transport = CurlTransport(environment: [:])

    @Test func `sends a GET as it was made and nothing more`() async throws {
        let server = try LoopbackServer { _ in .response(200, headers: [("X-Kind", " identity ")], body: "hello") }
        let response = try await transport.send(
            HTTPRequest(
                .get, "\(server.url)/a/../b?resource=x%20y#part", headers: [("Metadata", "true"), ("Empty", "")]))
        #expect(response.status == 200)
        #expect(response.header("x-kind") == "identity")
        #expect(response.body == Array("hello".utf8))
        #expect(
            server.requests.map(\.head) == [
                "GET /a/../b?resource=x%20y HTTP/1.1\r\nHost: 127.0.0.1:\(server.port)\r\n"
                    + "User-Agent: passgres/0.1.0\r\nMetadata: true\r\nEmpty:\r\n\r\n"
            ])
    }

    @Test func `sends a form with its length and expects no interim reply`() async throws {
        let server = try LoopbackServer { _ in .response(200) }
        let secret = String(repeating: "s&=", count: 2000)
        _ = try await transport.send(.form("\(server.url)/token", [("grant_type", "x"), ("secret", secret)]))
        let body = "grant_type=x&secret=\(HTTPRequest.percentEncoded(secret))"
        let request = try #require(server.requests.first)
        #expect(
            request.head == "POST /token HTTP/1.1\r\nHost: 127.0.0.1:\(server.port)\r\nUser-Agent: passgres/0.1.0\r\n"
                + "Content-Type: application/x-www-form-urlencoded\r\nAccept: application/json\r\n"
                + "Content-Length: \(body.utf8.count)\r\n\r\n")
        #expect(request.bodyText == body)
    }

    @Test(arguments: [nil, []] as [[UInt8]?])
    func `sends a POST without a body with the length zero`(body: [UInt8]?) async throws {
        let server = try LoopbackServer { _ in .response(204) }
        let response = try await transport.send(HTTPRequest(.post, "\(server.url)/", body: body))
        #expect(response.status == 204)
        #expect(server.requests.first?.header("Content-Length") == "0")
        #expect(server.requests.first?.header("Content-Type") == nil)
    }

    @Test func `sends every byte of a body`() async throws {
        let server = try LoopbackServer { _ in .response(200) }
        let body = (0..<100_000).map { UInt8(truncatingIfNeeded: $0) }
        _ = try await transport.send(HTTPRequest(.post, server.url, body: body))
        #expect(server.requests.first?.body == body)
    }

    @Test(arguments: [301, 302, 307, 308]) func `follows no redirect`(status: Int) async throws {
        let other = try LoopbackServer { _ in .response(200) }
        let address = other.url
        let server = try LoopbackServer { _ in .response(status, headers: [("Location", address)]) }
        let response = try await transport.send(HTTPRequest(.post, server.url, body: [1]))
        #expect(response.status == status)
        #expect(response.header("Location") == address)
        #expect(other.connectionCount == 0)
    }

    @Test func `returns every status as a reply, with its body`() async throws {
        let server = try LoopbackServer { request in .response(Int(request.target.dropFirst()) ?? 0, body: "why") }
        for status in [400, 401, 404, 407, 410, 429, 500, 503] {
            let response = try await transport.send(HTTPRequest(.get, "\(server.url)/\(status)"))
            #expect(response.status == status)
            #expect(response.body == Array("why".utf8))
        }
    }

    @Test func `forgets the headers of interim replies`() async throws {
        let server = try LoopbackServer { _ in
            .bytes(
                "HTTP/1.1 103 Early\r\nLink: early\r\n\r\n"
                    + "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nLink: late\r\n\r\n")
        }
        let response = try await transport.send(HTTPRequest(.get, server.url))
        #expect(response.status == 200)
        #expect(response.body == Array("ok".utf8))
        #expect(response.headers.map(\.name) == ["Transfer-Encoding"])
    }

    @Test func `uses a connection again`() async throws {
        let server = try LoopbackServer { _ in .response(200) }
        for _ in 0..<5 { _ = try await transport.send(HTTPRequest(.get, server.url)) }
        #expect(server.requests.count == 5)
        #expect(server.connectionCount == 1)
    }

    @Test func `keeps no cookie`() async throws {
        let server = try LoopbackServer { _ in .response(200, headers: [("Set-Cookie", "a=b; Path=/")]) }
        for _ in 0..<2 { _ = try await transport.send(HTTPRequest(.get, server.url)) }
        #expect(server.requests.map { $0.header("Cookie") } == [nil, nil])
    }
}
