/// How far a connection demands TLS, weakest first, in libpq's words.
public enum SSLMode: String, CaseIterable, Comparable, Sendable {
    /// No TLS.
    case disable
    /// TLS only if the server wants nothing else.
    case allow
    /// TLS if the server has it: libpq's own default, which a man in the middle turns off.
    case prefer
    /// TLS, with whoever answers.
    case require
    /// TLS, with a server whose certificate a trusted authority signed, whatever its name.
    case verifyCA = "verify-ca"
    /// TLS, with a server whose certificate a trusted authority signed for the host's name.
    case verifyFull = "verify-full"

    /// Whether the server's certificate is checked.
    public var verifies: Bool { self >= .verifyCA }

    /// Whether one mode demands less than another.
    public static func < (left: SSLMode, right: SSLMode) -> Bool { left.strength < right.strength }

    private var strength: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}
