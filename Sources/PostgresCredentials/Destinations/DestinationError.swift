/// Why a destination did not take a password: what its reader could not read back, or who could not be told.
///
/// Never quotes the password.
public struct DestinationError: Error, Hashable, Sendable, CustomStringConvertible {
    /// One sentence: what was found, with the limit where there is one.
    public let problem: String
    /// One sentence: what the reader can do.
    public let remedy: String?

    /// Records why.
    public init(_ problem: String, remedy: String? = nil) {
        self.problem = problem
        self.remedy = remedy
    }

    /// The problem and the remedy.
    public var description: String { problem + (remedy.map { ". " + $0 } ?? "") }
}
