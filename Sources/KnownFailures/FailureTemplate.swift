/// A sentence with places for the reader's own values, such as `{user}` in a command and `"{user}"` in a statement.
package struct FailureTemplate: Sendable, ExpressibleByStringLiteral {
    /// The sentence as it is written in the table.
    package let source: String

    package init(stringLiteral source: String) { self.source = source }

    /// The sentence with these values, and with the names of those that are not known in capitals.
    package func filled(_ values: [Placeholder: String]) -> String {
        var result = ""
        var rest = Substring(source)
        while let open = rest.firstIndex(of: "{") {
            result += rest[..<open]
            guard let close = rest[open...].firstIndex(of: "}") else { break }
            let name = rest[rest.index(after: open)..<close]
            if let place = Placeholder(rawValue: String(name)) {
                let isIdentifier = result.last == "\""
                result += values[place].map(isIdentifier ? Self.doubled : Self.quoted) ?? place.stand
            } else {
                result += rest[open...close]
            }
            rest = rest[rest.index(after: close)...]
        }
        return result + rest
    }

    /// The names of the values that the sentence asks for.
    package var placeholders: Set<Placeholder> {
        Set(Placeholder.allCases.filter { source.contains("{\($0.rawValue)}") })
    }

    /// A value that stands between the quotes of an SQL identifier.
    private static func doubled(_ value: String) -> String { value.replacing("\"", with: "\"\"") }

    /// A value that may be pasted into a shell: as it is if nothing in it means anything there, else in quotes.
    static func quoted(_ value: String) -> String {
        let isPlain =
            !value.isEmpty && value.first != "-" && value.first != "~"
            && value.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"):
                    true
                default: "@%_-+=:,./".utf8.contains(byte)
                }
            }
        if isPlain { return value }
        return "'" + value.split(separator: "'", omittingEmptySubsequences: false).joined(separator: #"'\''"#) + "'"
    }
}
