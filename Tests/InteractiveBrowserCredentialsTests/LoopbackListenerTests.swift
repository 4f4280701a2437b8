import CredentialTesting
import FoundationEssentials
import Glibc
import Testing
import TokenCredentials

@testable import InteractiveBrowserCredentials

@Suite struct `The loopback listener` {
    /// Lets work act as the browser while a listener waits for state `s`; it is done when the listener is.
    private func ending(
        readLimit: Duration = .seconds(1), _ work: @escaping @Sendable (UInt16) async -> Void
    ) async throws -> LoopbackListener.Ending {
        let listener = try LoopbackListener(readLimit: readLimit)
        let port = listener.port
        // It serves before anybody asks, also where tasks have to wait for their turn.
        let serving = Task.immediate { await onOwnThread { listener.serve(state: "s") } }
        await work(port)
        let result = await serving.value
        #expect(Browser(port: port) == nil)
        return result
    }

    private static let finish = "/?code=c0de&state=s"

    @Test(arguments: [
        ("GET /?code=a&state=wrong HTTP/1.1\r\n\r\n", 400), ("GET /?code=a HTTP/1.1\r\n\r\n", 400),
        ("GET /?code=a&state= HTTP/1.1\r\n\r\n", 400), ("GET /?code=a&state=s&state=s HTTP/1.1\r\n\r\n", 400),
        ("GET /?code=a&code=b&state=s HTTP/1.1\r\n\r\n", 400), ("GET /?state=s HTTP/1.1\r\n\r\n", 400),
        ("GET /?code=&state=s HTTP/1.1\r\n\r\n", 400), ("GET /?code=a%0d%0ab&state=s HTTP/1.1\r\n\r\n", 400),
        ("GET /?error=access_denied&state=wrong HTTP/1.1\r\n\r\n", 400), ("GET / HTTP/1.1\r\n\r\n", 400),
        ("GET /?code=%&state=s HTTP/1.1\r\n\r\n", 400), ("GET /?code=%zz&state=s HTTP/1.1\r\n\r\n", 400),
        ("GET /?code=%ff&state=s HTTP/1.1\r\n\r\n", 400), ("GET /?code=%4 HTTP/1.1\r\n\r\n", 400),
        ("\r\n\r\n", 400), (" \r\n\r\n", 400), ("GET\r\n\r\n", 400), ("GET /\r\n\r\n", 400),
        ("GET / HTTP/2\r\n\r\n", 400), ("GET  / HTTP/1.1\r\n\r\n", 400), ("GET / HTTP/1.1 x\r\n\r\n", 400),
        ("GET http://localhost/ HTTP/1.1\r\n\r\n", 400), ("GET /\u{7} HTTP/1.1\r\n\r\n", 400),
        ("GET /?ü HTTP/1.1\r\n\r\n", 400), ("\u{16}\u{3}\u{1}\r\n\r\n", 400), ("\0\0\0\r\n\r\n", 400),
        ("GET /favicon.ico HTTP/1.1\r\n\r\n", 404), ("GET //?code=a&state=s HTTP/1.1\r\n\r\n", 404),
        ("GET /../?code=a&state=s HTTP/1.1\r\n\r\n", 404), ("POST /x HTTP/1.1\r\n\r\n", 404),
        ("HEAD / HTTP/1.1\r\n\r\n", 405), ("OPTIONS / HTTP/1.1\r\n\r\n", 405), ("get / HTTP/1.1\r\n\r\n", 405),
        ("POST / HTTP/1.1\r\n\r\n", 411), ("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 411),
        ("POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n", 400), ("POST / HTTP/1.1\r\nContent-Length:\r\n\r\n", 400),
        ("POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", 400),
        ("POST / HTTP/1.1\r\nno colon\r\n\r\n", 400),
        ("POST / HTTP/1.1\r\nContent-Length: 99999999999999999999999\r\n\r\n", 413),
        ("POST / HTTP/1.1\r\nContent-Length: 16385\r\n\r\n", 413),
        ("POST / HTTP/1.1\r\nContent-Length: 2\r\nContent-Type: application/json\r\n\r\n{}", 415),
        ("GET / HTTP/1.1\r\nX: " + String(repeating: "x", count: 9000), 431),
        ("GET / HTTP/1.1\r\nX: " + String(repeating: "x", count: 9000) + "\r\n\r\n", 431),
        (String(repeating: "x", count: 20_000), 431),
    ])
    func `answers what it does not want, and waits on`(_ request: String, status: Int) async throws {
        let answers = Seen<String>()
        let ending = try await ending { port in
            answers.add(await Browser.exchange(port, request))
            answers.add(await Browser.get(port, Self.finish))
        }
        #expect(answers.all[0].hasPrefix("HTTP/1.1 \(status) "))
        #expect(answers.all[1].hasPrefix("HTTP/1.1 200 "))
        #expect(ending == .reply(.code("c0de")))
    }

    /// Where there is no IPv6, nobody else can listen on its loopback address either.
    @Test func `leaves neither address of localhost to anybody else`() async throws {
        let other = Browser.binding6(0)
        let listener = try LoopbackListener(readLimit: .seconds(1))
        #expect(Browser.binding6(listener.port) == (other == 0 ? EADDRINUSE : other))
    }

    @Test(.enabled(if: Browser.binding6(0) == 0, "this machine has no IPv6"))
    func `hears the browser on either address of localhost`() async throws {
        let ending = try await ending { port in
            await onOwnThread {
                guard let browser = Browser(port6: port) else { return }
                browser.send("GET \(Self.finish) HTTP/1.1\r\nHost: [::1]:\(port)\r\n\r\n")
                _ = browser.response()
            }
            // Ends the wait where nobody was heard.
            _ = await Browser.get(port, "/?error=not_heard&state=s")
        }
        #expect(ending == .reply(.code("c0de")))
    }

    @Test func `takes another port where somebody has the one of the IPv6 address`() async throws {
        let taken = Guarded<[UInt16]>([])
        let listener = try LoopbackListener(readLimit: .seconds(1)) { port in
            taken.withLock { ports in
                ports.append(port)
                return ports.count < 3 ? .taken : .absent
            }
        }
        let ports = taken.withLock { $0 }
        #expect(ports.count == 3)
        #expect(listener.port == ports.last)
        #expect(Browser(port: listener.port) != nil)
    }

    @Test func `gives up where somebody has every port of the IPv6 address`() {
        #expect(throws: CredentialError.self) {
            _ = try LoopbackListener(readLimit: .seconds(1)) { _ in .taken }
        }
    }

    @Test(arguments: [
        "evil.example", "evil.example:PORT", "localhost", "localhost:1", "localhost.evil.example:PORT",
        "127.0.0.2:PORT",
        "",
    ])
    func `answers nobody who calls it by another name`(_ host: String) async throws {
        let answers = Seen<String>()
        let ending = try await ending { port in
            let name = host.replacing("PORT", with: "\(port)")
            answers.add(await Browser.exchange(port, "GET \(Self.finish) HTTP/1.1\r\nHost: \(name)\r\n\r\n"))
            answers.add(
                await Browser.exchange(
                    port, "GET \(Self.finish) HTTP/1.1\r\nHost: localhost:\(port)\r\nHost: \(name)\r\n\r\n"))
            _ = await Browser.get(port, "/?error=refused&state=s")
        }
        #expect(answers.all.allSatisfy { $0.hasPrefix("HTTP/1.1 400 ") })
        #expect(ending != .reply(.code("c0de")))
    }

    @Test(arguments: ["localhost:PORT", "LOCALHOST:PORT", "127.0.0.1:PORT", "[::1]:PORT"])
    func `answers to its own names`(_ host: String) async throws {
        let ending = try await ending { port in
            let name = host.replacing("PORT", with: "\(port)")
            _ = await Browser.exchange(port, "GET \(Self.finish) HTTP/1.1\r\nHost: \(name)\r\n\r\n")
            _ = await Browser.get(port, "/?error=refused&state=s")
        }
        #expect(ending == .reply(.code("c0de")))
    }

    @Test func `reads a request that comes byte by byte`() async throws {
        let ending = try await ending { port in
            await onOwnThread {
                guard let browser = Browser(port: port) else { return }
                let form = "state=s&code=c0de"
                let request =
                    "POST / HTTP/1.1\r\ncontent-type: application/x-www-form-urlencoded; charset=utf-8\r\n"
                    + "content-length: \(form.utf8.count)\r\n\r\n\(form)"
                for character in request.unicodeScalars { browser.send(String(character)) }
                _ = browser.response()
            }
        }
        #expect(ending == .reply(.code("c0de")))
    }

    @Test(arguments: ["", "GET /?code=c0de", halfAForm])
    func `gives a connection its time and no more`(_ part: String) async throws {
        let answers = Seen<String>()
        let ending = try await ending(readLimit: .milliseconds(30)) { port in
            answers.add(await Browser.exchange(port, part))
            _ = await Browser.get(port, Self.finish)
        }
        #expect(answers.all[0].hasPrefix("HTTP/1.1 408 "))
        #expect(ending == .reply(.code("c0de")))
    }

    static let halfAForm =
        "POST / HTTP/1.1\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 9\r\n\r\nhalf"

    @Test func `is not held up by connections on which nothing comes`() async throws {
        let ending = try await ending(readLimit: .milliseconds(50)) { port in
            let idle = await onOwnThread { (0..<20).compactMap { _ in Browser(port: port) } }
            _ = await Browser.get(port, Self.finish)
            #expect(idle.count == 20)
        }
        #expect(ending == .reply(.code("c0de")))
    }

    @Test func `lets go of connections that are dropped`() async throws {
        let ending = try await ending { port in
            await onOwnThread { for _ in 0..<50 { _ = Browser(port: port) } }
            _ = await Browser.get(port, Self.finish)
        }
        #expect(ending == .reply(.code("c0de")))
    }

    @Test func `stops before it has begun, and for the first reason given`() throws {
        let listener = try LoopbackListener(readLimit: .seconds(1))
        listener.stop(.noBrowser)
        listener.stop(.cancelled)
        #expect(listener.serve(state: "s") == .stopped(.noBrowser))
        #expect(Browser(port: listener.port) == nil)
        #expect(listener.serve(state: "s") == .stopped(.noBrowser))
    }

    @Test func `frees its port when nobody ever waits`() throws {
        var listener: LoopbackListener? = try LoopbackListener(readLimit: .seconds(1))
        let port = try #require(listener?.port)
        #expect(Browser(port: port) != nil)
        listener = nil
        #expect(Browser(port: port) == nil)
    }

    @Test func `reads every part and every change of a request without a trap`() {
        let samples = [
            "GET /?code=c0de%2b&state=s HTTP/1.1\r\nHost: localhost:1\r\n\r\n",
            "POST / HTTP/1.1\r\nContent-Length: 17\r\nContent-Type: application/x-www-form-urlencoded\r\n\r\n"
                + "code=c0de&state=s",
        ]
        for sample in samples {
            let bytes = Array(sample.utf8)
            for end in bytes.indices { #expect(LoopbackRequest.read(Array(bytes[..<end]), port: 1) == .incomplete) }
            for index in bytes.indices {
                for value in [UInt8(0), 0x0A, 0x0D, 0x20, 0x25, 0x26, 0x3D, 0x3A, 0x39, 0xFF] {
                    var changed = bytes
                    changed[index] = value
                    if case .request(let request) = LoopbackRequest.read(changed, port: 1) {
                        _ = AuthorizationReply.read(request, state: "s")
                    }
                }
            }
        }
    }

    @Test func `shows nothing of a code`() throws {
        guard
            case .request(let request) = LoopbackRequest.read(
                Array("GET /?code=hush&state=hush HTTP/1.1\r\n\r\n".utf8), port: 1)
        else {
            Issue.record("not read")
            return
        }
        #expect(!everythingShown(of: request).contains("hush"))
        #expect(!everythingShown(of: request.parameters).contains("hush"))
        #expect(!everythingShown(of: LoopbackListener.Ending.reply(.code("hush"))).contains("hush"))
        #expect(!everythingShown(of: AuthorizationReply.refusal("hush", description: "hush")).contains("hush"))
    }
}
