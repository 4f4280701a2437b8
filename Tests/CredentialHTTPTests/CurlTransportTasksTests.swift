import Glibc
import Testing
import TokenCredentials

@testable import CredentialHTTP

@Suite(.timeLimit(.minutes(2))) struct `Tasks and the curl transport` {
    @Test func `let go at once when they are cancelled`() async throws {
        let transport = CurlTransport(environment: [:])
        let server = try LoopbackServer { _ in .silence }
        let request = HTTPRequest(.get, server.url)
        let task = Task { try await transport.send(request) }
        await server.waitFor(requests: 1)
        // The server never answers: whoever waits for it does not come back.
        task.cancel()
        let result = await task.result
        #expect(throws: HTTPTransportError.cancelled) { try result.get() }
    }

    @Test func `send nothing when they are cancelled already`() async throws {
        let transport = CurlTransport(environment: [:])
        let server = try LoopbackServer { _ in .response(200) }
        let request = HTTPRequest(.get, server.url)
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await transport.send(request)
        }
        let result = await task.result
        #expect(throws: HTTPTransportError.cancelled) { try result.get() }
        #expect(server.connectionCount == 0)
    }

    @Test func `do not cancel each other`() async throws {
        let transport = CurlTransport(environment: [:])
        let gate = Gate()
        let server = try LoopbackServer { request in
            if request.target == "/left" { return .silence }
            gate.wait()
            return .response(200)
        }
        let (left, right) = (HTTPRequest(.get, "\(server.url)/left"), HTTPRequest(.get, "\(server.url)/right"))
        let leaving = Task { try await transport.send(left) }
        let staying = Task { try await transport.send(right) }
        await server.waitFor(requests: 2)
        leaving.cancel()
        _ = await leaving.result
        gate.open()
        #expect(try await staying.value.status == 200)
    }

    @Test func `share one thread, sixty-four at a time`() async throws {
        let transport = CurlTransport(environment: [:], threadName: "http-of-64")
        let gate = Gate()
        let server = try LoopbackServer { _ in
            gate.wait()
            return .response(200)
        }
        let request = HTTPRequest(.get, server.url)
        try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<64 { group.addTask { try await transport.send(request).status } }
            await server.waitFor(requests: 64)
            #expect(threads(named: "http-of-64") == 1)
            gate.open()
            for try await status in group { #expect(status == 200) }
        }
        #expect(server.connectionCount == 64)
        await transport.shutdown()
        #expect(threads(named: "http-of-64") == 0)
    }

    @Test func `are cancelled by a shutdown, after which the transport starts anew`() async throws {
        let transport = CurlTransport(environment: [:], threadName: "http-of-end")
        await transport.shutdown()
        let server = try LoopbackServer { request in request.target == "/stay" ? .silence : .response(200) }
        let request = HTTPRequest(.get, "\(server.url)/stay")
        let task = Task { try await transport.send(request) }
        await server.waitFor(requests: 1)
        await transport.shutdown()
        let result = await task.result
        #expect(throws: HTTPTransportError.cancelled) { try result.get() }
        #expect(threads(named: "http-of-end") == 0)
        #expect(try await transport.send(HTTPRequest(.get, server.url)).status == 200)
    }

    @Test func `hear each time that libcurl could not be started`() async throws {
        let worker = CurlWorker(threadName: "http-of-naught", startingLibraryBy: { false })
        #expect(worker.start() == 0)
        let request = try CheckedRequest(HTTPRequest(.get, "http://127.0.0.1:1"), environment: [:])
        for _ in 0..<3 {
            let reply = PendingReply()
            let outcome = await withCheckedContinuation { continuation in
                if reply.wait(continuation) { worker.start(request, reply: reply) }
            }
            #expect(throws: HTTPTransportError.unreachable("libcurl could not be started")) { try outcome.get() }
        }
        await worker.end()
    }

    @Test func `fail at once where nothing can wake the thread`() async throws {
        let worker = CurlWorker(threadName: "http-of-sleep", wakingBy: { _ in false })
        #expect(worker.start() == 0)
        let request = try CheckedRequest(HTTPRequest(.get, "http://127.0.0.1:1"), environment: [:])
        for _ in 0..<3 {
            let reply = PendingReply()
            let outcome = await withCheckedContinuation { continuation in
                if reply.wait(continuation) { worker.start(request, reply: reply) }
            }
            let refusal = HTTPTransportError.unreachable("the system had no file left by which libcurl is woken")
            #expect(throws: refusal) { try outcome.get() }
        }
        #expect(worker.hasEnded)
        await worker.end()
    }

    @Test func `start no thread for a request that cannot be sent`() async throws {
        let transport = CurlTransport(environment: [:], threadName: "http-of-none")
        await #expect(throws: HTTPTransportError.self) { try await transport.send(HTTPRequest(.get, "ftp://h/")) }
        #expect(threads(named: "http-of-none") == 0)
    }

    /// How many threads of this process bear a name.
    private func threads(named name: String) -> Int {
        guard let listing = opendir("/proc/self/task") else { return -1 }
        defer { closedir(listing) }
        var count = 0
        while let entry = readdir(listing) {
            let thread = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            guard let file = fopen("/proc/self/task/\(thread)/comm", "r") else { continue }
            defer { fclose(file) }
            var line = [UInt8](repeating: 0, count: 64)
            let length = fread(&line, 1, line.count, file)
            if String(decoding: line.prefix(length), as: UTF8.self) == "\(name)\n" { count += 1 }
        }
        return count
    }
}

/// Holds threads back until it is opened.
private final class Gate: @unchecked Sendable {
    // A pipe: whoever waits reads its end. Any thread may read, and one closes the other side.
    private var ends: [Int32] = [-1, -1]

    init() { pipe(&ends) }

    deinit { close(ends[0]) }

    func wait() {
        var byte: UInt8 = 0
        _ = read(ends[0], &byte, 1)
    }

    func open() { close(ends[1]) }
}
