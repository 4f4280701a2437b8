import PostgresCredentials
import TokenCredentials

/// Replaces names and ids by what they are, the same one by the same words, for a report that others will read.
struct Redaction: Sendable {
    private var words: [(text: String, stand: String)] = []

    /// Learns the names of connections, of the variables, of the home directory, and others, each with what it is.
    init(
        _ connections: ConnectionInfo?..., in environment: ProcessEnvironment, besides others: [(String?, String)] = []
    ) {
        for connection in connections { learn(connection) }
        for (variable, stand) in [
            ("AZURE_TENANT_ID", "TENANT"), ("AZURE_CLIENT_ID", "CLIENT"), ("HOME", "HOME"), ("PGSERVICE", "SERVICE"),
        ] {
            learn(environment[variable], stand)
        }
        for (text, stand) in others { learn(text, stand) }
        for connection in connections {
            for keyword in ["passfile", "sslrootcert", "sslcert", "sslkey"] {
                learnPath(connection?[keyword], environment)
            }
        }
        for variable in [
            "PGPASSFILE", "PGSERVICEFILE", "PGSSLROOTCERT", "PGSSLCERT", "PGSSLKEY", "AZURE_FEDERATED_TOKEN_FILE",
            "AZURE_CLIENT_CERTIFICATE_PATH", "PASSGRES_CLIENT_SECRET_FILE", "AZURE_KUBERNETES_CA_FILE",
        ] { learnPath(environment[variable], environment) }
    }

    /// Learns a whole path: by its looks one ends at its first blank.
    private mutating func learnPath(_ path: String?, _ environment: ProcessEnvironment) {
        guard let path, path != "system" else { return }
        let home = environment["HOME"].flatMap { path.hasPrefix($0 + "/") ? $0 : nil }
        let shown = home.map { "HOME" + path.dropFirst($0.count) } ?? path
        if !RedactedWord.isEverybodys(shown[...]) { learn(path, home == nil ? "FILE" : "HOME/FILE") }
    }

    private mutating func learn(_ connection: ConnectionInfo?) {
        for (keyword, stand) in [("host", "HOST"), ("hostaddr", "ADDRESS"), ("user", "USER"), ("dbname", "DATABASE")] {
            for (index, value) in (connection?[keyword] ?? "").split(separator: ",").enumerated() {
                learn(String(value), index == 0 ? stand : "\(stand)-\(index + 1)")
            }
        }
    }

    private mutating func learn(_ text: String?, _ stand: String) {
        if let text, text.count > 1, !words.contains(where: { $0.text == text }) { words.append((text, stand)) }
    }

    /// A finding without them, and without what its text has in quotes.
    func applied(to finding: CheckFinding) -> CheckFinding {
        var redaction = self
        for name in Self.quotedNames(in: finding.text) { redaction.learn(name, "NAME") }
        var finding = finding
        finding.text = redaction.applied(to: finding.text)
        finding.remedy = finding.remedy.map(redaction.applied)
        return finding
    }

    /// A text without them, and without anything else that looks like an id, an address, a path or a name with an `@`.
    func applied(to text: String) -> String {
        var text = text
        for (word, stand) in words.sorted(by: { $0.text.count > $1.text.count }) {
            text = Self.replacing(word, with: stand, in: text)
        }
        let shown = text.split(separator: " ", omittingEmptySubsequences: false).map(RedactedWord.shown)
        return shown.joined(separator: " ")
    }

    /// Replaces a word where it is a whole one.
    private static func replacing(_ word: String, with stand: String, in text: String) -> String {
        var result = ""
        var rest = text[...]
        while let place = rest.firstRange(of: word) {
            let before = place.lowerBound == text.startIndex ? nil : text[text.index(before: place.lowerBound)]
            result += rest[..<place.lowerBound]
            result += isPartOfWord(before) || goesOn(text[place.upperBound...]) ? word : stand
            rest = rest[place.upperBound...]
        }
        return result + rest
    }

    private static func goesOn(_ rest: Substring) -> Bool {
        isPartOfWord(rest.first) || rest.first == "." && isPartOfWord(rest.dropFirst().first)
    }

    private static func isPartOfWord(_ character: Character?) -> Bool {
        character.map { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "-" } ?? false
    }

    /// What stands in quotes: names, as servers and we ourselves write them.
    private static func quotedNames(in text: String) -> [String] {
        var names: [String] = []
        var rest = text[...]
        var previous: Character?
        while let character = rest.first {
            rest = rest.dropFirst()
            // The apostrophe of a word is no quote.
            let mayOpen = character == "\"" || character == "'" && !isPartOfWord(previous)
            if mayOpen, let close = rest.firstIndex(of: character) {
                names.append(String(rest[..<close]))
                rest = rest[rest.index(after: close)...]
            }
            previous = character
        }
        return names
    }
}
