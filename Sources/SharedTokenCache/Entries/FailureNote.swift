import TokenCredentials

/// How asking for a token failed, for those who were waiting for it at that time.
///
/// It is told from an older one by its number: whoever comes later has seen that number, and asks for itself.
struct FailureNote: Codable, Sendable {
    let number: UInt32
    private let isUnavailable: Bool
    private let problem: String
    private let remedy: String?
    private let kind: String?
    private let retryAfter: Double?
    private let facts: [[String]]

    /// Takes down an error; `nil` for a cancellation, which concerns nobody else.
    init?(_ error: CredentialError, number: UInt32) {
        guard let diagnosis = error.diagnosis else { return nil }
        self.number = number
        if case .unavailable = error { isUnavailable = true } else { isUnavailable = false }
        problem = diagnosis.problem
        remedy = diagnosis.remedy
        kind = diagnosis.kind.flatMap { kind in Self.kinds.first { $0.kind == kind }?.name }
        retryAfter = diagnosis.retryAfter?.inSeconds
        facts = diagnosis.facts.map { [$0.name, $0.value] }
    }

    /// The error, as far as it could be taken down.
    var error: CredentialError {
        let diagnosis = Diagnosis(
            problem, remedy: remedy, kind: Self.kinds.first { $0.name == kind }?.kind,
            retryAfter: retryAfter.flatMap { (0...86_400).contains($0) ? .seconds($0) : nil },
            facts: facts.compactMap { $0.count == 2 ? Diagnosis.Fact($0[0], $0[1]) : nil })
        return isUnavailable ? .unavailable(diagnosis) : .failed(diagnosis)
    }

    private static let kinds: [(name: String, kind: Diagnosis.Kind)] = [
        ("misconfigured", .misconfigured), ("refused", .refused), ("temporary", .temporary),
        ("sign-in-needed", .signInNeeded),
    ]
}
