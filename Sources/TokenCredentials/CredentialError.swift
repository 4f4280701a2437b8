/// Why a credential delivered no token.
public enum CredentialError: Error, Sendable {
    /// The credential found nothing to work with here. A chain asks its next one.
    case unavailable(Diagnosis)
    /// The credential applies and could not deliver. A chain stops, so that the trouble is seen.
    case failed(Diagnosis)
    /// The task was cancelled.
    case cancelled

    /// What was found and what to do, unless the task was only cancelled.
    public var diagnosis: Diagnosis? {
        switch self {
        case .unavailable(let diagnosis), .failed(let diagnosis): diagnosis
        case .cancelled: nil
        }
    }
}

extension CredentialError: CustomStringConvertible {
    /// The diagnosis in words, beginning with the class of the error.
    public var description: String {
        switch self {
        case .unavailable(let diagnosis): "not available here: \(diagnosis)"
        case .failed(let diagnosis): "failed: \(diagnosis)"
        case .cancelled: "cancelled"
        }
    }
}
