import TokenCredentials

/// The trials that one credential goes through, and what they have found.
final class ConformanceTrials: Sendable {
    typealias Situation = CredentialConformance.Situation
    typealias Outcome = Result<AccessToken, CredentialError>

    private let conformance: CredentialConformance
    private let violations = Guarded<[ConformanceViolation]>([])

    init(_ conformance: CredentialConformance) {
        self.conformance = conformance
    }

    /// What was found, in order, each finding once.
    var found: [ConformanceViolation] { violations.withLock { $0 } }

    func note(_ rule: ConformanceViolation.Rule, _ finding: String) {
        let violation = ConformanceViolation(rule, finding)
        violations.withLock { if !$0.contains(violation) { $0.append(violation) } }
    }

    /// Asks once and judges the answer.
    func run(_ situation: Situation, _ credential: any TokenCredential) async {
        checkName(credential)
        // Whoever waits for silence to end waits for ever; that is tried by cancelling.
        guard situation != .silent else { return }
        guard let outcome = await answer(to: ask(credential)) else {
            return note(.deadline, "a call did not end within \(conformance.limit) (\(situation.rawValue))")
        }
        judge(outcome, in: situation)
        checkSecrecy(credential, outcome, in: situation)
        checkName(credential)
    }

    /// Cancels a call before it begins and another one under way.
    func cancel(_ situation: Situation, _ credential: any TokenCredential) async {
        guard situation == .silent || situation == .configured else { return }
        for delay in [Duration?.none, .milliseconds(20)] {
            let task = ask(credential, withhold: delay == nil)
            if let delay { try? await Task.sleep(for: delay) }
            task.cancel()
            guard let outcome = await answer(to: task) else {
                note(.cancellation, "a cancelled call did not end within \(conformance.limit) (\(situation.rawValue))")
                continue
            }
            checkSecrecy(credential, outcome, in: situation)
            switch outcome {
            case .failure(.cancelled): break
            // What was there already may be handed out.
            case .success where situation == .configured: break
            case .success: note(.cancellation, "a cancelled call gave a token that nobody delivered")
            case .failure(let error):
                note(.cancellation, "a cancelled call ended otherwise (\(situation.rawValue)): \(safe("\(error)"))")
            }
        }
    }

    /// Makes many calls at once.
    func crowd(_ credential: any TokenCredential) async {
        let tasks = (0..<conformance.calls).map { _ in ask(credential) }
        var missing: [String] = []
        for task in tasks {
            switch await answer(to: task) {
            case .success: continue
            case .failure(let error): missing.append(safe("\(error)"))
            case nil: missing.append("no answer within \(conformance.limit)")
            }
        }
        if let first = missing.first {
            note(.concurrency, "\(missing.count) of \(tasks.count) calls at the same time gave no token: \(first)")
        }
    }

    private func judge(_ outcome: Outcome, in situation: Situation) {
        switch (situation, outcome) {
        case (.nothingConfigured, .failure(.unavailable(let diagnosis))):
            if diagnosis.problem.isEmpty { note(.absence, "the error does not say what was found") }
        case (.nothingConfigured, _):
            note(.absence, "with nothing configured it is not unavailable: \(safe(Self.words(outcome)))")
        case (.stale, .success):
            note(.expiry, "a token that has ended is handed out")
        case (.configured, .success(let token)):
            if token.expiresAt <= conformance.clock.now { note(.expiry, "the token has ended already") }
            if token.secret.isEmpty || token.secret.utf8.contains(0) {
                note(.token, "the token is empty or holds a zero byte, which no password does")
            }
        case (.configured, .failure(let error)):
            note(.token, "there is no token though everything is configured: \(safe("\(error)"))")
        default: break
        }
    }

    private func checkName(_ credential: any TokenCredential) {
        let name = credential.name
        let isPlain = name.utf8.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2D }
        let words = name.split(separator: "-", omittingEmptySubsequences: false)
        if !isPlain || words.contains(where: \.isEmpty) || name.utf8.count > 64 {
            note(.name, "\(quoted(name)) is not made of lower-case letters, digits and single hyphens")
        }
        if credential.name != name { note(.name, "the name is not always the same") }
    }

    private func checkSecrecy(_ credential: any TokenCredential, _ outcome: Outcome, in situation: Situation) {
        var secrets = conformance.secrets.filter { !$0.isEmpty }
        var shown = [("the credential", everythingShown(of: credential)), ("an answer", everythingShown(of: outcome))]
        if let configured = credential as? any ConfiguredCredential {
            shown.append(("the configuration", everythingShown(of: configured.configuration)))
        }
        switch outcome {
        case .success(let token): secrets.append(token.secret)
        case .failure(let error):
            shown.append(("the error", everythingShown(of: error)))
            if let diagnosis = error.diagnosis { shown.append(("the diagnosis", everythingShown(of: diagnosis))) }
        }
        for (number, secret) in secrets.enumerated() {
            for (name, text) in shown where text.contains(secret) {
                let which = number < conformance.secrets.count ? "secret \(number + 1) of those named" : "the token"
                note(.secrecy, "what is shown of \(name) holds \(which) (\(situation.rawValue))")
            }
        }
    }

    /// A text without any of the secrets.
    private func safe(_ text: String) -> String {
        conformance.secrets.filter { !$0.isEmpty }.reduce(text) { $0.replacing($1, with: "<secret>") }
    }

    private static func words(_ outcome: Outcome) -> String {
        switch outcome {
        case .success: "it gave a token"
        case .failure(let error): "\(error)"
        }
    }
}

extension ConformanceTrials {
    /// Asks in a task of its own; one to be withheld does not begin before it is cancelled.
    private func ask(_ credential: any TokenCredential, withhold: Bool = false) -> Task<Outcome, Never> {
        Task { [request = conformance.request] in
            if withhold { await untilCancelled() }
            do throws(CredentialError) {
                return .success(try await credential.token(for: request))
            } catch {
                return .failure(error)
            }
        }
    }

    /// The task's outcome; `nil` if there is none in time, and then nobody waits for it any more.
    private func answer(to task: Task<Outcome, Never>) async -> Outcome? {
        let (answers, answered) = AsyncStream<Outcome?>.makeStream()
        let waiting = Task { answered.yield(await task.value) }
        let timer = Task { [limit = conformance.limit] in
            try await Task.sleep(for: limit)
            answered.yield(nil)
        }
        var iterator = answers.makeAsyncIterator()
        let outcome = await iterator.next() ?? nil
        timer.cancel()
        if case nil = outcome {
            waiting.cancel()
            task.cancel()
        }
        return outcome
    }
}
