public import CredentialHTTP
import TokenCredentials

/// Answers every request by a closure, however many there are, and counts them.
public final class StubTransport: HTTPTransport {
    /// What answers a request.
    public typealias Answer = @Sendable (HTTPRequest) async throws(HTTPTransportError) -> HTTPResponse

    private let answer: Answer
    private let sent = Guarded(0)

    /// Answers every request by a closure.
    public init(_ answer: @escaping Answer) {
        self.answer = answer
    }

    /// Answers every request with the same outcome.
    public convenience init(_ outcome: Result<HTTPResponse, HTTPTransportError>) {
        // A function and not a closure: the compiler cannot yet lower that closure.
        @Sendable func answer(_ request: HTTPRequest) async throws(HTTPTransportError) -> HTTPResponse {
            try outcome.get()
        }
        self.init(answer)
    }

    /// Never answers: whoever asks waits until the task is cancelled.
    public static var silent: StubTransport {
        @Sendable func answer(_ request: HTTPRequest) async throws(HTTPTransportError) -> HTTPResponse {
            await untilCancelled()
            throw .cancelled
        }
        return StubTransport(answer)
    }

    /// How many requests were sent so far.
    public var count: Int { sent.withLock { $0 } }

    /// Answers, and counts.
    public func send(_ request: HTTPRequest) async throws(HTTPTransportError) -> HTTPResponse {
        sent.withLock { $0 += 1 }
        return try await answer(request)
    }
}

/// Returns when the task is cancelled, and not before.
func untilCancelled() async {
    let stream = AsyncStream<Never> { _ in }
    for await _ in stream {}
}
