/// Why a password cannot be written into a password file.
///
/// Never quotes the password.
public struct PasswordFileError: Error, Hashable, Sendable, CustomStringConvertible {
    /// A part of an entry.
    public enum Field: String, CaseIterable, Sendable {
        /// The host.
        case host
        /// The port.
        case port
        /// The database.
        case database
        /// The user.
        case user
        /// The password.
        case password
    }

    /// What is wrong with it.
    @nonexhaustive
    public enum Reason: Hashable, Sendable {
        /// It is empty: libpq never matches it, or takes it for none.
        case empty
        /// It holds a line feed, which ends an entry.
        case newline
        /// It holds a zero byte, at which libpq stops reading.
        case nul
        /// It ends in a carriage return, which libpq cuts off.
        case trailingCarriageReturn
    }

    /// The part that cannot be written.
    public let field: Field
    /// What is wrong with it.
    public let reason: Reason

    /// One sentence with the reason.
    public var description: String {
        let because =
            switch reason {
            case .empty: "it is empty"
            case .newline: "it holds a newline"
            case .nul: "it holds a zero byte"
            case .trailingCarriageReturn: "it ends in a carriage return, which libpq cuts off"
            }
        return "the \(field.rawValue) cannot be written into a password file: \(because)"
    }
}
