/// Logins that the token of one source opens, and where its password goes.
public struct PasswordAssignment: Sendable {
    /// Where the token comes from.
    public var source: TokenSource
    /// What it opens.
    public var logins: [KeptLogin]
    /// Where the password goes; each gets all the logins.
    public var destinations: [any PasswordDestination]

    /// Assigns logins to a source and to destinations.
    public init(_ source: TokenSource, logins: [KeptLogin], storingIn destinations: [any PasswordDestination]) {
        self.source = source
        self.logins = logins
        self.destinations = destinations
    }
}
