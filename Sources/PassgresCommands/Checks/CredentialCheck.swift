import EntraCredentials
import KnownFailures
import TokenCredentials

/// Asks the chain for a token, or, offline, whether any of its credentials is set up.
struct CredentialCheck {
    let session: Session
    let circumstances: Circumstances

    /// Asks nobody.
    func configuration() -> [CheckFinding] {
        let credentials = (try? DefaultCredential(environment: session.environment).chain.credentials) ?? []
        let configured = credentials.compactMap { credential -> String? in
            guard case .configured(let by)? = (credential as? any ConfiguredCredential)?.configuration else {
                return nil
            }
            return "\(credential.name) (\(by))"
        }
        guard let first = configured.first else {
            return [.skip(.credential, "nothing tells offline whether a credential applies")]
        }
        return [.ok(.credential, "\(first) is set up")]
    }

    /// Asks for a token.
    func trace(within limit: Duration) async -> (findings: [CheckFinding], token: NamedToken?) {
        let attempts: [CredentialAttempt]
        do {
            attempts = try await answers(within: limit)
        } catch let passed as DeadlinePassed {
            guard let last = passed.attempts.last, case .failure(.failed(let diagnosis)) = last.outcome else {
                return ([.fail(.credential, nil, "\(passed)")], nil)
            }
            return ([finding("\(last.name): \(AttemptTable.finding(diagnosis))", diagnosis, nil)], nil)
        } catch {
            return ([.fail(.credential, nil, CommandFailure(error).description)], nil)
        }
        guard let last = attempts.last else {
            return ([.fail(.credential, "E26", "the list of credentials is empty")], nil)
        }
        switch last.outcome {
        case .success(let token):
            return ([.ok(.credential, "\(last.name) gives a token")], NamedToken(name: last.name, token: token))
        case .failure(.failed(let diagnosis)):
            return ([finding("\(last.name): \(AttemptTable.finding(diagnosis))", diagnosis, nil)], nil)
        case .failure(.unavailable(let diagnosis)):
            let names = attempts.map(\.name).joined(separator: ", ")
            return ([finding("no credential applies here; asked were \(names)", diagnosis, "E26")], nil)
        case .failure(.cancelled):
            return ([.skip(.credential, "interrupted")], nil)
        }
    }

    private func answers(within limit: Duration) async throws -> [CredentialAttempt] {
        try await within(seconds: limit.inSeconds, setBy: "the time of this check") { [session] in
            await session.chain.walk(for: session.request)
        }
    }

    private func finding(_ text: String, _ diagnosis: Diagnosis, _ code: String?) -> CheckFinding {
        let match = FailureTable.matches(in: "\(diagnosis)").first
        return .fail(
            .credential, code ?? match?.failure.code, text, circumstances.values,
            remedy: code == nil ? match?.remedy(in: circumstances.values) ?? diagnosis.remedy : nil)
    }
}

/// A token and who gave it.
struct NamedToken: Sendable {
    let name: String
    let token: AccessToken
}
