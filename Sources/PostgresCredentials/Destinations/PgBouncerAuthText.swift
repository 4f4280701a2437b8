import FoundationEssentials

/// The text of a PgBouncer auth file: `"user" "password"` lines, read as PgBouncer reads them.
struct PgBouncerAuthText {
    private static let quote = UInt8(ascii: "\"")
    private var bytes: [UInt8]

    init(_ contents: Data) {
        bytes = Array(contents)
    }

    var contents: Data { Data(bytes) }

    /// The password PgBouncer would use for a user; the last entry wins.
    func password(of user: String) -> [UInt8]? {
        entries.last { $0.user.elementsEqual(user.utf8) }?.password
    }

    /// Puts entries before all others and drops older ones for the same users.
    ///
    /// Before all others, because PgBouncer stops at the first line it cannot read.
    mutating func set(_ passwords: [(user: String, password: String)]) {
        let users = Set(passwords.map { Array($0.user.utf8) })
        var kept: [UInt8] = []
        var position = 0
        for entry in entries where users.contains(entry.user) {
            kept += bytes[position..<entry.range.lowerBound]
            position = entry.range.upperBound
        }
        kept += bytes[position...]
        var fresh: [UInt8] = []
        for (user, password) in passwords {
            fresh += Self.quoted(user)
            fresh.append(UInt8(ascii: " "))
            fresh += Self.quoted(password)
            fresh.append(0x0A)
        }
        bytes = fresh + kept
    }

    /// A text in quotes, with the quotes in it doubled.
    static func quoted(_ text: String) -> [UInt8] {
        var quoted = [quote]
        for byte in text.utf8 {
            if byte == quote { quoted.append(quote) }
            quoted.append(byte)
        }
        quoted.append(quote)
        return quoted
    }

    private struct Entry {
        let user: [UInt8]
        let password: [UInt8]
        /// From the quote before the user to the end of the line, its newline included.
        let range: Range<Int>
    }

    private var entries: [Entry] {
        var entries: [Entry] = []
        var position = 0
        while true {
            while position < bytes.count, isSpace(bytes[position]) { position += 1 }
            guard position < bytes.count else { return entries }
            if bytes[position] == UInt8(ascii: ";") {
                position = endOfLine(from: position)
                continue
            }
            let start = position
            guard let (user, afterUser) = quotedText(at: position),
                let second = bytes[afterUser...].firstIndex(of: Self.quote),
                let (password, end) = quotedText(at: second)
            else { return entries }
            position = endOfLine(from: end)
            entries.append(Entry(user: user, password: password, range: start..<position))
        }
    }

    private func quotedText(at start: Int) -> (text: [UInt8], end: Int)? {
        guard bytes[start] == Self.quote else { return nil }
        var text: [UInt8] = []
        var position = start + 1
        while position < bytes.count {
            if bytes[position] == Self.quote {
                guard position + 1 < bytes.count, bytes[position + 1] == Self.quote else { return (text, position + 1) }
                position += 1
            }
            text.append(bytes[position])
            position += 1
        }
        return nil
    }

    private func endOfLine(from position: Int) -> Int {
        bytes[position...].firstIndex(of: 0x0A).map { $0 + 1 } ?? bytes.count
    }
}
