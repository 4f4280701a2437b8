import Glibc
public import TokenCredentials

/// Sends requests with libcurl, all of them on one thread that starts with the first.
///
/// Connections are verified, kept for reuse, and never downgraded: TLS 1.2 or later, no redirects, no cookies, no
/// `.netrc`. Proxies and authorities are those of the environment given, which is read per request from what was passed
/// in and never from the process. Plain `http` is refused except to loopback and link-local addresses and where a
/// request's ``HTTPRequest/proxy`` is ``HTTPRequest/ProxyUse/never``.
public final class CurlTransport: HTTPTransport {
    /// The transport of the whole process, with the environment as it was at its first use.
    public static let shared = CurlTransport()

    private let environment: ProcessEnvironment
    private let threadName: String
    private let worker = Guarded<CurlWorker?>(nil)

    /// Makes a transport with a thread and connections of its own.
    ///
    /// Reads nothing and starts nothing yet.
    public convenience init(environment: ProcessEnvironment = .current) {
        self.init(environment: environment, threadName: "passgres-http")
    }

    /// Names the thread, 15 bytes at most, so that it can be told from others.
    init(environment: ProcessEnvironment, threadName: String) {
        self.environment = environment
        self.threadName = threadName
    }

    deinit {
        worker.withLock { $0 }?.abandon()
    }

    /// Sends a request and returns its reply.
    ///
    /// Where a connection that was kept proves to be closed before a byte of the reply has come, the request is sent
    /// once more on a new one.
    ///
    /// Throws ``HTTPTransportError``: ``HTTPTransportError/invalidRequest(_:)`` before anything is sent,
    /// ``HTTPTransportError/cancelled`` at once when the task is cancelled or the transport shut down.
    public func send(_ request: HTTPRequest) async throws(HTTPTransportError) -> HTTPResponse {
        var request = request
        request.timeout = WaitRecord.remaining(of: request.timeout)
        let checked = try CheckedRequest(request, environment: environment)
        guard !Task.isCancelled else { throw .cancelled }
        let worker = try runningWorker()
        let reply = PendingReply()
        let host = checked.endpoint.authority
        let outcome = await WaitRecord.waiting(for: host) {
            await withTaskCancellationHandler {
                await withCheckedContinuation { continuation in
                    if reply.wait(continuation) { worker.start(checked, reply: reply) }
                }
            } onCancel: {
                reply.finish(.failure(.cancelled))
                worker.cancel(reply)
            }
        }
        switch outcome {
        case .success(let response) where response.status >= 400:
            WaitRecord.note(error: "\(host) answered with status \(response.status)")
        case .failure(let error) where error != .cancelled: WaitRecord.note(error: "\(host) \(error)")
        default: break
        }
        return try outcome.get()
    }

    /// Ends the thread and waits until it is gone; requests under way are cancelled.
    ///
    /// A later request starts it again. A program that is about to exit calls this, so that it does not leave while TLS
    /// is at work.
    public func shutdown() async {
        let worker = worker.withLock { $0.take() }
        await worker?.end()
    }

    private func runningWorker() throws(HTTPTransportError) -> CurlWorker {
        let result: Result<CurlWorker, HTTPTransportError> = worker.withLock { worker in
            if let worker { return .success(worker) }
            let fresh = CurlWorker(threadName: threadName)
            let code = fresh.start()
            guard code == 0 else {
                return .failure(.unreachable("no thread could be started (\(SystemError.text(of: code)))"))
            }
            worker = fresh
            return .success(fresh)
        }
        return try result.get()
    }
}
