import CredentialHTTP
import Testing
import TokenCredentials

@Suite struct `Limits of the curl transport` {
    let transport = CurlTransport(environment: [:])

    @Test func `stops a body of unknown length at the limit`() async throws {
        let written = Guarded(0)
        let server = try LoopbackServer { _ in
            .stream { connection in
                _ = connection.write("HTTP/1.1 200 OK\r\n\r\n")
                let block = [UInt8](repeating: 0x61, count: 1_000_000)
                for _ in 0..<200 {
                    guard connection.write(block) else { break }
                    written.withLock { $0 += block.count }
                }
            }
        }
        await #expect(throws: HTTPTransportError.bodyTooLarge(limit: 1_048_576)) {
            try await transport.send(HTTPRequest(.get, server.url))
        }
        #expect(written.withLock { $0 } < 100_000_000)
    }

    @Test func `refuses a body whose stated length is beyond the limit`() async throws {
        let server = try LoopbackServer { _ in .response(200, body: String(repeating: "x", count: 101)) }
        await #expect(throws: HTTPTransportError.bodyTooLarge(limit: 100)) {
            try await transport.send(HTTPRequest(.get, server.url, bodyLimit: 100))
        }
    }

    @Test(arguments: [0, 1, 100]) func `takes a body that just fits`(count: Int) async throws {
        let server = try LoopbackServer { _ in .response(200, body: String(repeating: "x", count: count)) }
        let response = try await transport.send(HTTPRequest(.get, server.url, bodyLimit: count))
        #expect(response.body.count == count)
    }

    @Test func `takes nothing where nothing is accepted`() async throws {
        let server = try LoopbackServer { _ in .response(200, body: "x") }
        await #expect(throws: HTTPTransportError.bodyTooLarge(limit: 0)) {
            try await transport.send(HTTPRequest(.get, server.url, bodyLimit: 0))
        }
    }

    @Test func `refuses headers without end`() async throws {
        let server = try LoopbackServer { _ in
            .stream { connection in
                _ = connection.write("HTTP/1.1 200 OK\r\n")
                while connection.write("X-More: \(String(repeating: "y", count: 1000))\r\n") {}
            }
        }
        await #expect(throws: HTTPTransportError.brokenReply("its headers are longer than 65536 bytes")) {
            try await transport.send(HTTPRequest(.get, server.url))
        }
    }

    @Test(arguments: ["", "HTTP/1.1 200 OK\r\nX-Half: ", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nfive!"])
    func `ends the wait for a reply that stalls`(beginning: String) async throws {
        let server = try LoopbackServer { _ in
            .stream { connection in
                _ = connection.write(beginning)
                connection.waitForEnd()
            }
        }
        await #expect(throws: HTTPTransportError.timeout) {
            try await transport.send(HTTPRequest(.get, server.url, timeout: .milliseconds(200)))
        }
        #expect(server.requests.count == 1)
    }

    @Test func `says that nobody listens`() async throws {
        let server = try LoopbackServer { _ in .silence }
        let url = server.url
        server.stop()
        await #expect(throws: HTTPTransportError.unreachable("Connection refused")) {
            try await transport.send(HTTPRequest(.get, url))
        }
    }

    @Test(arguments: [
        ("", "the connection was closed without a reply"),
        ("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf", "the reply ended before it was whole"),
        ("SSH-2.0-OpenSSH_9.2\r\n", "what came is not a reply in HTTP/1"),
    ])
    func `says how a reply broke off`(bytes: String, reason: String) async throws {
        let server = try LoopbackServer { _ in .bytes(bytes) }
        await #expect(throws: HTTPTransportError.brokenReply(reason)) {
            try await transport.send(HTTPRequest(.get, server.url))
        }
    }

    @Test func `says that a name does not resolve`() async {
        // RFC 6761 keeps that domain empty; the empty label keeps the question on this machine.
        await #expect(throws: HTTPTransportError.unknownHost) {
            try await transport.send(HTTPRequest(.get, "https://a..invalid/"))
        }
    }
}
