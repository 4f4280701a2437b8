import TokenCredentials

/// What is wrong with the parameters of a connection.
///
/// Says where, and never repeats any of the text: it may be a secret.
public struct ConnectionInfoError: Error, Hashable, Sendable {
    /// What is wrong.
    @nonexhaustive
    public enum Reason: Hashable, Sendable {
        /// A word without `=` after it.
        case missingEquals
        /// A name that is not a keyword of libpq; perhaps the one given here was meant.
        case unknownKeyword(meant: String?)
        /// A value that begins with a quote and has no other.
        case unterminatedQuote
        /// A per cent sign without two hexadecimal digits after it.
        case badPercentEncoding
        /// A zero byte, which no connection string can hold.
        case nul
        /// Bytes that are no UTF-8 text. libpq would pass them on; a text cannot hold them.
        case notUTF8
        /// `[` without `]`, in a URI.
        case unterminatedBracket
        /// `[]`, in a URI.
        case emptyBrackets
        /// Something other than `:`, `/`, `?` or `,` after `]`, in a URI.
        case textAfterBracket
        /// A second `=` in one parameter of a URI; in a value it is written `%3D`.
        case extraEquals
        /// As many host names as addresses are needed where both are given.
        case hostsAndAddressesDiffer
        /// One port, or as many as hosts, is needed.
        case hostsAndPortsDiffer
        /// A port that is no number from 1 to 65535.
        case badPort
        /// A raw `@` in the user or password of a URI, at which libpq ends them: what follows it up to the next one is
        /// taken for hosts and ports.
        case rawAt
        /// A raw `/` in the user or password of a URI, at which libpq ends hosts and ports: what was meant for the user
        /// is the host.
        case rawSlash
    }

    /// Where in the text it is, in bytes from its beginning; `nil` where the trouble is not in a text.
    public let offset: Int?
    /// The keyword concerned, or the last one before the place; `nil` where none is known.
    public let keyword: String?
    /// What is wrong.
    public let reason: Reason

    /// Records a fault.
    public init(_ reason: Reason, offset: Int? = nil, keyword: String? = nil) {
        self.reason = reason
        self.offset = offset
        self.keyword = keyword
    }
}

extension ConnectionInfoError: CustomStringConvertible {
    /// One sentence with place and reason, and none of the text.
    public var description: String {
        var place = offset.map { " at byte \($0)" } ?? ""
        if let keyword { place += isAfterKeyword ? ", after \(keyword)" : " (\(keyword))" }
        return "the connection string cannot be used\(place): \(explanation)"
    }

    private var isAfterKeyword: Bool {
        switch reason {
        case .missingEquals, .unknownKeyword: true
        default: false
        }
    }

    private var explanation: String {
        switch reason {
        case .missingEquals: "a word has no = after it; a value with a blank needs single quotes"
        case .unknownKeyword(let meant?): "libpq does not know this keyword; perhaps \(meant) is meant"
        case .unknownKeyword(nil): "libpq does not know this keyword"
        case .unterminatedQuote: "the quoted value has no end"
        case .badPercentEncoding: "a % is not followed by two hexadecimal digits; % itself is written %25"
        case .nul: "it holds a zero byte"
        case .notUTF8: "the value is not UTF-8"
        case .unterminatedBracket: "the [ has no ]"
        case .emptyBrackets: "there is no address between [ and ]"
        case .textAfterBracket: "only :, /, ? or a comma may follow ]"
        case .extraEquals: "a value in a URI holds a raw =; write %3D"
        case .hostsAndAddressesDiffer: "host and hostaddr name different numbers of servers"
        case .hostsAndPortsDiffer: "port names neither one port nor one for each server"
        case .badPort: "the port is not a number from 1 to 65535"
        case .rawAt:
            "libpq takes the first @ for the end of user and password, and what follows, up to another @, for host and"
                + " port; an @ that belongs to them is written %40"
        case .rawSlash:
            "libpq takes the first / for the end of host and port, and there is no @ before it; a / in a user or password"
                + " is written %2F"
        }
    }
}

extension ConnectionInfoError {
    /// The fault of naming a keyword that does not exist.
    ///
    /// Only keywords that do exist are suggested.
    static func unknownKeyword(_ name: String, offset: Int? = nil, after keyword: String? = nil) -> Self {
        let habits = [
            "username": "user", "database": "dbname", "db": "dbname", "hostname": "host", "server": "host",
            "ssl": "sslmode", "pass": "password", "pwd": "password", "passwd": "password", "pgpassfile": "passfile",
        ]
        let lower = name.lowercased()
        // Slips seldom concern the first letter, and a name much longer or shorter is another one.
        let similar = ConnectionKeyword.all.map(\.name).filter { candidate in
            candidate.utf8.first == lower.utf8.first && abs(candidate.utf8.count - lower.utf8.count) <= 2
        }
        let meant = habits[lower] ?? NearestName.of(lower, among: similar)
        return ConnectionInfoError(.unknownKeyword(meant: meant), offset: offset, keyword: keyword)
    }
}
