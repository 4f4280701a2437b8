/// Asks its credentials in order until one of them applies, and from then on asks only that one.
///
/// - A credential that yields a token is settled on: it is the identity of this chain from then on.
/// - A credential that is ``CredentialError/unavailable(_:)`` is passed over, and the next one is asked.
/// - A credential that ``CredentialError/failed(_:)`` ends the walk, so that nobody becomes somebody else unnoticed.
///
/// The error keeps every answer with the time it took. A new chain decides anew.
public final class CredentialChain: TokenCredential {
    /// The credentials, in the order in which they are asked.
    public let credentials: [any TokenCredential]
    private let settled = Guarded<Int?>(nil)

    /// Makes a chain of credentials, first asked first.
    public init(_ credentials: [any TokenCredential]) {
        self.credentials = credentials
    }

    /// Makes a chain of credentials, first asked first.
    public convenience init(_ credentials: any TokenCredential...) {
        self.init(credentials)
    }

    /// `"chain"`.
    public var name: String { "chain" }

    /// The name of the credential the chain has settled on, once it has.
    public var settledName: String? { settledCredential?.name }

    var settledCredential: (any TokenCredential)? { settled.withLock { $0 }.map { credentials[$0] } }

    /// Returns the token of the first credential that applies, or of the one settled on.
    public func token(for request: TokenRequest) async throws(CredentialError) -> AccessToken {
        if let index = settled.withLock({ $0 }) { return try await settledToken(at: index, for: request) }
        let attempts = await walk(for: request)
        guard let last = attempts.last else {
            throw .unavailable(
                Diagnosis("the list of credentials is empty", remedy: "Name at least one.", kind: .misconfigured))
        }
        switch last.outcome {
        case .success(let token):
            let winner = settled.withLock { index in
                if index == nil { index = attempts.count - 1 }
                return index
            }
            // Another walk may have settled meanwhile; one process has one identity.
            if let winner, winner != attempts.count - 1 { return try await settledToken(at: winner, for: request) }
            return token
        case .failure(.cancelled):
            throw .cancelled
        case .failure(.failed(var diagnosis)):
            diagnosis.problem = "\(last.name): \(diagnosis.problem)"
            diagnosis.attempts = attempts
            throw .failed(diagnosis)
        case .failure(.unavailable):
            throw .unavailable(
                Diagnosis(
                    attempts.count == 1
                        ? "the one credential asked does not apply here"
                        : "none of the \(attempts.count) credentials applies here",
                    attempts: attempts))
        }
    }

    /// Asks in order until one credential applies or fails, and returns every answer; the rest were not asked.
    ///
    /// Neither heeds nor changes what the chain has settled on.
    public func walk(for request: TokenRequest) async -> [CredentialAttempt] {
        var attempts: [CredentialAttempt] = []
        for credential in credentials {
            WaitRecord.begin(asking: credential.name)
            var attempt = await credential.attempt(for: request)
            if case .failure(.unavailable(var diagnosis)) = attempt.outcome, WaitRecord.current?.isOver == true {
                // With more time it might have applied: nobody becomes somebody else for want of time.
                diagnosis.kind = .temporary
                attempt = CredentialAttempt(
                    name: attempt.name, duration: attempt.duration, outcome: .failure(.failed(diagnosis)))
            }
            // What was given up because the time is up has not answered.
            if case .failure(.cancelled) = attempt.outcome {} else { WaitRecord.end(with: attempt) }
            attempts.append(attempt)
            guard case .failure(.unavailable) = attempt.outcome else { break }
        }
        return attempts
    }

    /// Asks every credential, whatever the others answer, and returns each answer; for diagnosis.
    public func report(for request: TokenRequest) async -> [CredentialAttempt] {
        var attempts: [CredentialAttempt] = []
        for credential in credentials { attempts.append(await credential.attempt(for: request)) }
        return attempts
    }

    /// Whether the credential the chain has settled on keeps its tokens.
    public var keepsTokens: Bool { settledCredential?.keepsTokens ?? false }

    /// Has every credential of the chain forget the token for a request.
    public func forgetToken(for request: TokenRequest, ifStill token: AccessToken?) async {
        for credential in credentials { await credential.forgetToken(for: request, ifStill: token) }
    }

    private func settledToken(at index: Int, for request: TokenRequest) async throws(CredentialError) -> AccessToken {
        do {
            return try await credentials[index].token(for: request)
        } catch .unavailable(var diagnosis) {
            // It applied before: that it does not now is its failure, and no reason to ask somebody else.
            diagnosis.problem = "\(credentials[index].name), which gave a token before: \(diagnosis.problem)"
            throw .failed(diagnosis)
        } catch {
            throw error
        }
    }
}

extension TokenCredential {
    /// Asks for a token and records the answer and the time it took.
    func attempt(for request: TokenRequest) async -> CredentialAttempt {
        let start = ContinuousClock.now
        let outcome: Result<AccessToken, CredentialError>
        do {
            outcome = .success(try await token(for: request))
        } catch {
            outcome = .failure(error)
        }
        return CredentialAttempt(name: name, duration: ContinuousClock.now - start, outcome: outcome)
    }
}
