public import CredentialHTTP
import TokenCredentials

/// Answers requests from a list, in order, and remembers them. A request beyond the list is an error.
public final class ScriptedTransport: HTTPTransport {
    /// What one request is answered with.
    public typealias Answer = @Sendable (HTTPRequest) async throws(HTTPTransportError) -> HTTPResponse

    private struct State {
        var answers: [Answer]
        var requests: [HTTPRequest] = []
    }

    private let state: Guarded<State>

    /// Answers with each of the closures once, in order.
    public init(_ answers: [Answer]) {
        state = Guarded(State(answers: answers))
    }

    /// Answers with each of the outcomes once, in order.
    public convenience init(_ outcomes: Result<HTTPResponse, HTTPTransportError>...) {
        self.init(outcomes.map(Self.always))
    }

    private static func always(_ outcome: Result<HTTPResponse, HTTPTransportError>) -> Answer {
        // A function and not a closure: the compiler cannot yet lower that closure.
        @Sendable func answer(_ request: HTTPRequest) async throws(HTTPTransportError) -> HTTPResponse {
            try outcome.get()
        }
        return answer
    }

    /// The requests sent so far, in order.
    public var requests: [HTTPRequest] { state.withLock { $0.requests } }

    /// How many answers nobody has asked for yet.
    public var unused: Int { state.withLock { $0.answers.count } }

    /// Answers with the next of the list.
    public func send(_ request: HTTPRequest) async throws(HTTPTransportError) -> HTTPResponse {
        let answer = state.withLock { state -> Answer? in
            state.requests.append(request)
            return state.answers.isEmpty ? nil : state.answers.removeFirst()
        }
        guard let answer else { throw .invalidRequest("the test expected no further request") }
        return try await answer(request)
    }
}

extension HTTPResponse {
    /// A reply whose body is a text, JSON unless said otherwise.
    public static func text(
        _ text: String, status: Int = 200, headers: [(name: String, value: String)] = [],
        type: String = "application/json"
    ) -> HTTPResponse {
        HTTPResponse(status: status, headers: [("Content-Type", type)] + headers, body: Array(text.utf8))
    }
}

extension HTTPRequest {
    /// The body as text, as it was sent.
    public var bodyText: String { String(decoding: body ?? [], as: UTF8.self) }

    /// The value of the first header of that name, in whatever case.
    public func header(_ name: String) -> String? {
        headers.first { $0.name.lowercased() == name.lowercased() }?.value
    }
}
