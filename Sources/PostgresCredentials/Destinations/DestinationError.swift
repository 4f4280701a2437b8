/// Why a destination did not take a password: what its reader could not read back, or who could not be told.
///
/// Never quotes the password.
public struct DestinationError: Error, Hashable, Sendable, CustomStringConvertible {
    /// One sentence: what was found, with the limit where there is one.
    public let problem: String
    /// One sentence: what the reader can do.
    public let remedy: String?
    /// Whether the password is in place all the same, and only the program that reads it could not be told.
    public let isStored: Bool

    /// Records why; the password is not in place unless said otherwise.
    public init(_ problem: String, remedy: String? = nil, isStored: Bool = false) {
        self.problem = problem
        self.remedy = remedy
        self.isStored = isStored
    }

    /// The problem and the remedy.
    public var description: String { problem + (remedy.map { ". " + $0 } ?? "") }
}
