/// A version of PgBouncer, which decides how long a password and a user name may be.
public struct PgBouncerVersion: Hashable, Comparable, Sendable, LosslessStringConvertible {
    /// The first part, as in 1 for 1.18.0.
    public let major: Int
    /// The second part, as in 18 for 1.18.0.
    public let minor: Int

    /// Names a version.
    public init(_ major: Int, _ minor: Int) {
        self.major = major
        self.minor = minor
    }

    /// Reads `1.18` or `1.18.0`; see ``init(answer:)`` for what PgBouncer says of itself.
    public init?(_ text: String) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard (2...3).contains(parts.count), let major = UInt16(parts[0]), let minor = UInt16(parts[1]),
            parts.count == 2 || UInt16(parts[2]) != nil
        else { return nil }
        self.init(Int(major), Int(minor))
    }

    /// Reads what `SHOW VERSION` answers, as in `PgBouncer 1.25.2` and `PgBouncer 1.26.0rc1`.
    public init?(answer: String) {
        guard let word = answer.split(whereSeparator: \.isWhitespace).dropFirst().first,
            answer.lowercased().hasPrefix("pgbouncer ")
        else { return nil }
        let numbers = word.split(separator: ".").prefix(2).map { $0.prefix { $0.isASCII && $0.isNumber } }
        self.init(numbers.joined(separator: "."))
    }

    /// The version this package writes for unless it is told otherwise or PgBouncer itself says its version: none before
    /// 1.26 takes longer passwords.
    public static let assumed = PgBouncerVersion(1, 18)

    /// The version at port 6432 of Azure's Flexible Server: 1.23.1 since October 2025, by the service's release notes.
    public static let builtIntoAzure = PgBouncerVersion(1, 23)

    /// The longest password in bytes, as it is written in the file: a quote counts twice.
    public var longestPassword: Int {
        switch self {
        case ..<PgBouncerVersion(1, 9): 127
        case ..<PgBouncerVersion(1, 16): 159
        case ..<PgBouncerVersion(1, 17): 995
        case ..<PgBouncerVersion(1, 26): 2_047
        // The most that a PostgreSQL server takes, too.
        default: 65_530
        }
    }

    /// The longest user name in bytes, as it is written in the file.
    public var longestUser: Int { self < PgBouncerVersion(1, 16) ? 63 : 127 }

    /// The version as `1.18`.
    public var description: String { "\(major).\(minor)" }

    /// Whether one version came out before another.
    public static func < (left: PgBouncerVersion, right: PgBouncerVersion) -> Bool {
        (left.major, left.minor) < (right.major, right.minor)
    }
}
