import TokenCredentials

/// What a credential answered, as a word for metrics and spans.
enum Outcome: String, CaseIterable {
    case token, unavailable, failed, cancelled

    init(_ error: CredentialError) {
        switch error {
        case .unavailable: self = .unavailable
        case .failed: self = .failed
        case .cancelled: self = .cancelled
        }
    }
}
