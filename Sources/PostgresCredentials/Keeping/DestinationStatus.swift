public import FoundationEssentials

/// How a destination of a keeper fares.
public struct DestinationStatus: Hashable, Sendable {
    /// What a client finds there.
    public enum Outcome: String, Hashable, Sendable {
        /// A good password, and all is well.
        case fresh
        /// A good password that could not be renewed or looked after.
        case stale
        /// No password, or one that has ended.
        case failing
    }

    /// What the destination is, such as `"password-file"`.
    public let kind: String
    /// Where it is.
    public let path: String
    /// How many entries it gets.
    public let logins: Int
    /// What a client finds there.
    public let outcome: Outcome
    /// When the first of the passwords there ends (UTC); `nil` if there is none yet.
    public let expiresOn: Date?
    /// Why it is not fresh, in a sentence without a secret.
    public let lastError: String?

    /// Both as one: the worse outcome and the earlier end.
    func merged(with other: DestinationStatus) -> DestinationStatus {
        let worse = other.outcome.badness > outcome.badness ? other : self
        let ends = [expiresOn, other.expiresOn].compactMap(\.self)
        return DestinationStatus(
            kind: kind, path: path, logins: logins + other.logins, outcome: worse.outcome,
            expiresOn: ends.count == 2 ? ends.min() : nil, lastError: worse.lastError)
    }
}

extension DestinationStatus.Outcome {
    fileprivate var badness: Int {
        switch self {
        case .fresh: 0
        case .stale: 1
        case .failing: 2
        }
    }
}
