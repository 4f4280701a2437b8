/// One credential's answer within a chain.
public struct CredentialAttempt: Sendable {
    /// The credential that was asked.
    public let name: String
    /// How long it took to answer.
    public let duration: Duration
    /// What it answered.
    public let outcome: Result<AccessToken, CredentialError>

    /// Records an answer.
    public init(name: String, duration: Duration, outcome: Result<AccessToken, CredentialError>) {
        self.name = name
        self.duration = duration
        self.outcome = outcome
    }
}

extension CredentialAttempt: CustomStringConvertible {
    /// Name, answer and time taken, on one line.
    public var description: String {
        let answer =
            switch outcome {
            case .success(let token): "\(token)"
            case .failure(let error): error.description
            }
        return "\(name.printable): \(answer) [\(duration.milliseconds) ms]"
    }
}

extension Duration {
    /// Whole milliseconds, rounded down.
    package var milliseconds: Int64 { components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000 }

    /// Seconds with their fraction.
    package var inSeconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}
