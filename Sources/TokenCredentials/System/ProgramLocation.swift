/// Where a program is, or what was in the way of finding it.
public enum ProgramLocation: Hashable, Sendable {
    /// The program's absolute path.
    case found(String)
    /// There is none that may be run; each text is one candidate that was passed over, and why.
    case notFound(passedOver: [String])

    /// The absolute path, if the program was found.
    public var path: String? {
        guard case .found(let path) = self else { return nil }
        return path
    }
}
