import FoundationEssentials

/// Something a keeper did or could not do, for a log. Holds no secret.
public struct KeeperEvent: Hashable, Sendable, CustomStringConvertible {
    /// What happened.
    @nonexhaustive
    public enum Kind: Hashable, Sendable {
        /// A source gave a new token.
        case renewed
        /// A source gave none; the last good token stays in place.
        case notRenewed
        /// A destination took the password.
        case stored
        /// A destination did not take it.
        case notStored
        /// A destination took it, and the program that reads it there could not be told.
        case notTold
        /// Somebody else changed what was stored; it is stored again.
        case changedByOthers
    }

    /// What happened.
    public let kind: Kind
    /// The source's or the destination's name.
    public let subject: String
    /// One sentence.
    public let description: String

    init(_ kind: Kind, _ subject: String, _ description: String) {
        self.kind = kind
        self.subject = subject
        self.description = description
    }

    /// A length of time as people say it, such as `"41 minutes"`.
    static func shown(_ seconds: TimeInterval) -> String {
        switch seconds {
        case 0.0.nextUp...1: "a second"
        case ..<120: "\(max(0, Int(seconds.rounded(.up)))) seconds"
        case ..<7_200: "\(Int(seconds / 60)) minutes"
        default: "\(Int(seconds / 3_600)) hours"
        }
    }
}
