import ServiceContextModule
public import TokenCredentials
public import Tracing

/// Another credential, each of whose answers is a span.
///
/// A span is called after the credential and holds the scopes and the outcome. A failure sets its status; that a
/// credential does not apply does not, for a chain goes on to the next. No span holds a token.
public struct TracedCredential: CredentialWrapper {
    /// The credential that answers.
    public let base: any TokenCredential
    private let tracer: (any Tracer)?

    /// Wraps a credential; the spans go to the tracer given, else to that of the process.
    public init(_ base: any TokenCredential, to tracer: (any Tracer)? = nil) {
        self.base = base
        self.tracer = tracer
    }

    /// Returns the other credential's answer; spans that begin meanwhile are children of this one.
    public func token(for request: TokenRequest) async throws(CredentialError) -> AccessToken {
        let span = (tracer ?? InstrumentationSystem.tracer).startSpan("token \(base.name)", ofKind: .client)
        defer { span.end() }
        span.attributes["credential"] = base.name
        span.attributes["scopes"] = request.scopes.joined(separator: " ")
        let outcome = await ServiceContext.withValue(span.context) { await answer(to: request) }
        switch outcome {
        case .success: span.attributes["outcome"] = Outcome.token.rawValue
        case .failure(let error):
            span.attributes["outcome"] = Outcome(error).rawValue
            if let problem = error.diagnosis?.problem { span.attributes["problem"] = problem }
            if case .failed(let diagnosis) = error {
                span.setStatus(SpanStatus(code: .error, message: diagnosis.problem))
                span.recordError(error)
            }
        }
        return try outcome.get()
    }

    private func answer(to request: TokenRequest) async -> Result<AccessToken, CredentialError> {
        do {
            return .success(try await base.token(for: request))
        } catch {
            return .failure(error)
        }
    }
}

extension TokenCredential {
    /// The same credential, each of whose answers is a span.
    public func traced(to tracer: (any Tracer)? = nil) -> TracedCredential {
        TracedCredential(self, to: tracer)
    }
}
