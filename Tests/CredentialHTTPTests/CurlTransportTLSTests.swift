import CTokenOpenSSL
import CredentialHTTP
import CredentialTesting
import FoundationEssentials
import Testing
import TokenCredentials

@Suite struct `TLS of the curl transport` {
    let transport = CurlTransport(environment: [:])
    let secret = "hidden-in-the-body"

    func request(_ server: LoopbackServer, trust: HTTPRequest.Trust, serverName: String? = nil) -> HTTPRequest {
        HTTPRequest(.post, "\(server.url)/x", body: Array(secret.utf8), trust: trust, serverName: serverName)
    }

    /// What the transport throws; it must not be ``HTTPTransportError/cancelled`` or the like.
    func refusal(_ request: HTTPRequest, by transport: CurlTransport? = nil) async -> String? {
        do {
            _ = try await (transport ?? self.transport).send(request)
            return nil
        } catch {
            #expect(!"\(error)".contains(secret))
            if case .tls(let reason) = error { return reason }
            return "not a matter of TLS: \(error)"
        }
    }

    @Test func `believes a server whose authority is given`() async throws {
        let authority = try TestAuthority()
        let server = try LoopbackServer(authority.identity()) { _ in .response(200) }
        let response = try await transport.send(request(server, trust: .authorities(pem: authority.pem)))
        #expect(response.status == 200)
        #expect(server.requests.first?.bodyText == secret)
    }

    @Test(arguments: [("Another", "unable to get local issuer certificate"), ("The one", "the handshake failed")])
    func `believes no server of another authority, whatever its name`(name: String, reason: String) async throws {
        let server = try LoopbackServer(TestAuthority("The one").identity()) { _ in .response(200) }
        let refusal = await refusal(request(server, trust: .authorities(pem: try TestAuthority(name).pem)))
        #expect(refusal?.contains(reason) == true, "\(refusal ?? "none")")
        #expect(server.requests.isEmpty)
    }

    @Test func `does not add the system's authorities to those given, nor those given to the system's`() async throws {
        let authority = try TestAuthority()
        let server = try LoopbackServer(authority.identity()) { _ in .response(200) }
        #expect(await refusal(request(server, trust: .system))?.contains("certificate") == true)
        let pem = try authority.pem
        #expect(try await transport.send(request(server, trust: .authorities(pem: pem))).status == 200)
        // Not over the connection that is still there, either.
        #expect(await refusal(request(server, trust: .system))?.contains("certificate") == true)
        #expect(server.requests.count == 1)
    }

    @Test func `believes no server under another name`() async throws {
        let authority = try TestAuthority()
        let server = try LoopbackServer(authority.identity("DNS:other.example.test")) { _ in .response(200) }
        let reason = await refusal(request(server, trust: .authorities(pem: try authority.pem)))
        #expect(reason?.contains("name") == true)
        #expect(server.requests.isEmpty)
    }

    @Test func `asks for and verifies the server name given, and names the address's host in the request`() async throws
    {
        let authority = try TestAuthority()
        let server = try LoopbackServer(authority.identity("DNS:inside.example.test")) { _ in .response(200) }
        let trust = HTTPRequest.Trust.authorities(pem: try authority.pem)
        let response = try await transport.send(request(server, trust: trust, serverName: "inside.example.test"))
        #expect(response.status == 200)
        #expect(server.requests.first?.serverName == "inside.example.test")
        #expect(server.requests.first?.header("Host") == "127.0.0.1:\(server.port)")
        #expect(
            await refusal(request(server, trust: trust, serverName: "wrong.example.test"))?.contains("name") == true)
        #expect(await refusal(request(server, trust: trust))?.contains("name") == true)
        #expect(server.requests.count == 1)
    }

    @Test func `believes the pinned certificate, whoever signed it and whatever its name`() async throws {
        let identity = try TestAuthority.selfSigned()
        let server = try LoopbackServer(identity) { _ in .response(200) }
        let response = try await transport.send(request(server, trust: .pinned(sha1: identity.sha1)))
        #expect(response.status == 200)
        #expect(server.requests.first?.bodyText == secret)
    }

    @Test func `sends nothing to a server with another certificate than the pinned one`() async throws {
        let identity = try TestAuthority.selfSigned()
        let server = try LoopbackServer(identity) { _ in .response(200) }
        var wrong = identity.sha1
        wrong[19] ^= 1
        for _ in 0..<2 {
            #expect(await refusal(request(server, trust: .pinned(sha1: wrong))) != nil)
        }
        #expect(server.requests.isEmpty)
    }

    @Test func `verifies a pin again although a connection under another one was good`() async throws {
        let identity = try TestAuthority.selfSigned()
        let server = try LoopbackServer(identity) { _ in .response(200) }
        #expect(try await transport.send(request(server, trust: .pinned(sha1: identity.sha1))).status == 200)
        let other = [UInt8](repeating: 7, count: 20)
        #expect(await refusal(request(server, trust: .pinned(sha1: other)))?.contains("certificate") == true)
        #expect(await refusal(request(server, trust: .system))?.contains("certificate") == true)
        #expect(server.requests.count == 1)
    }

    @Test func `refuses a server that speaks nothing newer than TLS 1_1`() async throws {
        let authority = try TestAuthority()
        let server = try LoopbackServer(authority.identity(maximumVersion: TLS1_1_VERSION)) { _ in .response(200) }
        let reason = await refusal(request(server, trust: .authorities(pem: try authority.pem)))
        #expect(reason?.contains("version") == true || reason?.contains("protocol") == true)
        #expect(server.requests.isEmpty)
    }

    @Test func `speaks TLS 1_2`() async throws {
        let authority = try TestAuthority()
        let server = try LoopbackServer(authority.identity(maximumVersion: TLS1_2_VERSION)) { _ in .response(200) }
        let response = try await transport.send(request(server, trust: .authorities(pem: authority.pem)))
        #expect(response.status == 200)
    }

    @Test func `takes the system's authorities from SSL_CERT_FILE`() async throws {
        let authority = try TestAuthority()
        let server = try LoopbackServer(authority.identity()) { _ in .response(200) }
        let file = FileManager.default.temporaryDirectory.appending(path: "authority-\(UUID()).pem")
        try Data(authority.pem.utf8).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let transport = CurlTransport(environment: ["SSL_CERT_FILE": file.path()])
        #expect(try await transport.send(request(server, trust: .system)).status == 200)
        let lost = CurlTransport(environment: ["SSL_CERT_FILE": "/nowhere/authority.pem"])
        #expect(await refusal(request(server, trust: .system), by: lost)?.contains("/nowhere/authority.pem") == true)
    }

    @Test func `takes the system's authorities from SSL_CERT_DIR`() async throws {
        let authority = try TestAuthority()
        let server = try LoopbackServer(authority.identity()) { _ in .response(200) }
        let folder = FileManager.default.temporaryDirectory.appending(path: "authorities-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let transport = CurlTransport(environment: ["SSL_CERT_DIR": folder.path()])
        #expect(await refusal(request(server, trust: .system), by: transport)?.contains("certificate") == true)
        try Data(authority.pem.utf8).write(to: folder.appending(path: authority.fileName))
        #expect(try await transport.send(request(server, trust: .system)).status == 200)
    }

    @Test func `believes nobody for the sake of a text without certificates`() async throws {
        let server = try LoopbackServer(TestAuthority().identity()) { _ in .response(200) }
        for pem in ["", "no certificate", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"] {
            #expect(await refusal(request(server, trust: .authorities(pem: pem))) != nil)
        }
        #expect(server.requests.isEmpty)
    }

    @Test func `calls a handshake that was cut off unreachable, which is temporary`() async throws {
        let server = try LoopbackServer(opening: .text("")) { _ in .response(200) }
        let error = await #expect(throws: HTTPTransportError.self) {
            try await transport.send(HTTPRequest(.get, "https://127.0.0.1:\(server.port)"))
        }
        #expect(error?.isTemporary == true)
    }

    @Test func `says that a server speaks no TLS`() async throws {
        let server = try LoopbackServer(opening: .text("HTTP/1.1 400 Bad\r\n\r\n")) { _ in .response(200) }
        #expect(await refusal(HTTPRequest(.get, "https://127.0.0.1:\(server.port)")) != nil)
    }

    @Test func `counts a handshake nobody answers as no connection`() async throws {
        let server = try LoopbackServer(TestAuthority().identity(), opening: .tunnel) { _ in .silence }
        await #expect(throws: HTTPTransportError.connectTimeout) {
            try await transport.send(HTTPRequest(.get, server.url, connectTimeout: .milliseconds(200)))
        }
    }
}
