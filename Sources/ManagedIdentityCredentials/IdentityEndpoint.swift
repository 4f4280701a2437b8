import CredentialHTTP
import FoundationEssentials
import TokenCredentials

/// What one kind of host is asked and how its answer is read.
protocol IdentityEndpoint: Sendable {
    /// What a sentence about it begins with, such as "the App Service identity endpoint".
    var title: String { get }
    /// Where it is.
    var address: EndpointAddress { get }
    /// When a request is repeated.
    var retries: RetryTable { get }
    /// What to do when no identity was given out, in words.
    func remedy(for question: IdentityQuestion) -> String

    /// The request for a token.
    func request(for question: IdentityQuestion) throws(CredentialError) -> HTTPRequest
    /// Asks until there is a token or nothing more to be done.
    func token(
        for question: IdentityQuestion, by exchange: PatientExchange
    ) async throws(CredentialError) -> AccessToken
    /// What it means that nobody answered.
    func error(for silence: NoAnswer) -> CredentialError
    /// What it means that the answer was no token.
    func error(for refusal: IdentityRefusal, to question: IdentityQuestion) -> CredentialError
    /// What it means that the answer was none that an identity endpoint gives.
    func error(forStrangeReply problem: String, facts: [Diagnosis.Fact]) -> CredentialError
}

extension IdentityEndpoint {
    var retries: RetryTable { .general }

    func token(
        for question: IdentityQuestion, by exchange: PatientExchange
    ) async throws(CredentialError) -> AccessToken {
        let response = try await answer(to: try request(for: question), by: exchange)
        return try token(in: response, for: question, now: exchange.clock.now)
    }

    /// The last answer, whatever its status.
    func answer(to request: HTTPRequest, by exchange: PatientExchange) async throws(CredentialError) -> HTTPResponse {
        do throws(NoAnswer) {
            return try await exchange.answer(to: request, retries)
        } catch {
            throw error.reason == .cancelled ? .cancelled : self.error(for: error)
        }
    }

    /// The token in an answer.
    ///
    /// Throws the error that the answer means.
    func token(
        in response: HTTPResponse, for question: IdentityQuestion, now: Date
    ) throws(CredentialError) -> AccessToken {
        guard response.status == 200 else { throw error(for: response, to: question, now: now) }
        do throws(IdentityReply.Flaw) {
            return try IdentityReply(response.body).token(now: now)
        } catch {
            let facts = [Diagnosis.Fact("HTTP status", "200"), addressFact]
            if error.isStrange { throw self.error(forStrangeReply: error.problem, facts: facts) }
            throw .failed(Diagnosis("\(title) \(error.problem)", remedy: error.remedy, facts: facts))
        }
    }

    /// What it means that the answer was no token: what Entra said, where the host passes that on.
    func error(for response: HTTPResponse, to question: IdentityQuestion, now: Date) -> CredentialError {
        let refusal = IdentityRefusal(response, now: now)
        return error(passedOnIn: refusal, to: question) ?? error(for: refusal, to: question)
    }

    // What every host named by a variable has in common: it applies, so whatever goes wrong is its failure.

    func error(for silence: NoAnswer) -> CredentialError { standardError(for: silence) }

    func standardError(for silence: NoAnswer) -> CredentialError {
        let isTemporary = silence.reason.isTemporary
        return .failed(
            Diagnosis(
                "\(title) \(silence.reason)",
                remedy: isTemporary
                    ? "Check that the host is up and that its variables are passed on as they are now."
                    : "Check the variables that the host sets.",
                kind: isTemporary ? .temporary : .misconfigured, retryAfter: isTemporary ? .seconds(30) : nil,
                facts: [addressFact], cause: silence.reason))
    }

    func error(for refusal: IdentityRefusal, to question: IdentityQuestion) -> CredentialError {
        standardError(for: refusal, to: question)
    }

    func standardError(for refusal: IdentityRefusal, to question: IdentityQuestion) -> CredentialError {
        let facts = refusal.facts + [addressFact]
        if let wait = refusal.wait {
            return .failed(
                Diagnosis(
                    "\(title) cannot give a token at the moment: \(refusal.summary)",
                    remedy: "Wait and try again.", kind: .temporary, retryAfter: wait, facts: facts))
        }
        if refusal.isRedirect { return error(forStrangeReply: "sends to another address", facts: facts) }
        return .failed(
            Diagnosis(
                "\(title) gave no token for \(question.identity): \(refusal.summary)",
                remedy: remedy(for: question), kind: .refused, facts: facts))
    }

    func error(forStrangeReply problem: String, facts: [Diagnosis.Fact]) -> CredentialError {
        .failed(
            Diagnosis(
                "\(title) \(problem)",
                remedy: "Check that the address the host's variables name is an identity endpoint.",
                kind: .misconfigured, facts: facts))
    }

    var addressFact: Diagnosis.Fact { Diagnosis.Fact("endpoint", address.description) }
}
