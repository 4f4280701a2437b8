/// A major version of PostgreSQL's client library.
///
/// A newer one knows more keywords, and an unknown one is an error.
public struct LibpqVersion: Hashable, Comparable, Sendable, ExpressibleByIntegerLiteral {
    /// The first part of the version, as in 15 for 15.4.
    public let major: Int

    /// Names a major version.
    public init(major: Int) {
        self.major = major
    }

    /// Names a major version by a literal.
    public init(integerLiteral major: Int) {
        self.init(major: major)
    }

    /// The oldest version this package writes for, and the one it writes for unless told otherwise.
    public static let oldest: LibpqVersion = 11

    /// Whether one version came out before another.
    public static func < (left: LibpqVersion, right: LibpqVersion) -> Bool { left.major < right.major }
}
