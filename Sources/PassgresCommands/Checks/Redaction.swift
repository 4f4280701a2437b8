import PostgresCredentials
import TokenCredentials

/// Replaces names and ids by what they are, the same one by the same words, for a report that others will read.
struct Redaction: Sendable {
    private var words: [(text: String, stand: String)] = []

    /// Learns the names of a connection, of the variables and of the home directory.
    init(_ connection: ConnectionInfo?, _ environment: ProcessEnvironment) {
        for (keyword, stand) in [("host", "HOST"), ("hostaddr", "ADDRESS"), ("user", "USER"), ("dbname", "DATABASE")] {
            let values = (connection?[keyword] ?? "").split(separator: ",").map(String.init)
            for (index, value) in values.enumerated() where value.count > 1 {
                words.append((value, index == 0 ? stand : "\(stand)-\(index + 1)"))
            }
        }
        for (variable, stand) in [("AZURE_TENANT_ID", "TENANT"), ("AZURE_CLIENT_ID", "CLIENT"), ("HOME", "HOME")] {
            if let value = environment[variable], value.count > 1 { words.append((value, stand)) }
        }
        words.sort { $0.text.count > $1.text.count }
    }

    /// A text without them, and without anything else that looks like an id, an address or a name with an `@`.
    func applied(to text: String) -> String {
        var text = text
        for (word, stand) in words { text = text.replacing(word, with: stand) }
        return text.split(separator: " ", omittingEmptySubsequences: false).map(Self.masked).joined(separator: " ")
    }

    private static func masked(_ word: Substring) -> String {
        let marks: Set<Character> = [",", ";", "(", ")", "\"", "'", ":"]
        let core = word.drop { marks.contains($0) }
        let end = core.lastIndex { !marks.contains($0) && $0 != "." }.map { core.index(after: $0) } ?? core.startIndex
        let inside = core[..<end]
        let stand: String
        if inside.contains("@") {
            stand = "NAME"
        } else if isGUID(inside) {
            stand = "ID"
        } else if isAddress(inside) {
            stand = "ADDRESS"
        } else {
            return String(word)
        }
        return word[..<core.startIndex] + stand + core[end...]
    }

    private static func isGUID(_ text: Substring) -> Bool {
        text.split(separator: "-", omittingEmptySubsequences: false).map(\.count) == [8, 4, 4, 4, 12]
    }

    private static func isAddress(_ text: Substring) -> Bool {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts.allSatisfy { UInt8($0) != nil }
            || text.split(separator: ":").count > 2 && text.allSatisfy { $0.isHexDigit || $0 == ":" }
    }
}
