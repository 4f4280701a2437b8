public import TokenCredentials

/// A credential that answers as a test says, and counts how often it was asked.
public final class StubCredential: TokenCredential {
    /// What answers a request; the number is that of the call, the first being 1.
    public typealias Answer = @Sendable (TokenRequest, Int) async throws(CredentialError) -> AccessToken

    /// The name given.
    public let name: String
    private let answer: Answer
    private let requestsMade = Guarded<[TokenRequest]>([])

    /// Answers every request by a closure.
    public init(_ name: String = "stub", answer: @escaping Answer) {
        self.name = name
        self.answer = answer
    }

    /// Answers every request with the same outcome.
    public convenience init(_ name: String = "stub", _ outcome: Result<AccessToken, CredentialError>) {
        self.init(name) { (request, number) async throws(CredentialError) -> AccessToken in try outcome.get() }
    }

    /// The requests made so far, in order.
    public var requests: [TokenRequest] { requestsMade.withLock { $0 } }

    /// Answers, and remembers that it was asked.
    public func token(for request: TokenRequest) async throws(CredentialError) -> AccessToken {
        let number = requestsMade.withLock { requests in
            requests.append(request)
            return requests.count
        }
        return try await answer(request, number)
    }
}
