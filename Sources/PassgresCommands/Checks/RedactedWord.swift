/// Tells by its looks what a word is that nobody named before.
enum RedactedWord {
    /// Hosts that are everybody's.
    private static let publicHosts = [
        "login.microsoftonline.com", "login.microsoftonline.us", "login.chinacloudapi.cn", "graph.microsoft.com",
        "login.partner.microsoftonline.cn",
    ]

    /// The word, or what it is.
    static func shown(_ word: Substring) -> String {
        let word = word.replacing(/[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}/, with: "ID")
        let openers: Set<Character> = [",", ";", "(", "[", "<", "\"", "'"]
        let closers = openers.union([")", "]", ">", ":", "."])
        let core = word.drop { openers.contains($0) }
        let end = core.lastIndex { !closers.contains($0) }.map { core.index(after: $0) } ?? core.startIndex
        let start = core[..<end].lastIndex(of: "=").map { core.index(after: $0) } ?? core.startIndex
        return word[..<start] + stand(for: core[start..<end]) + core[end...]
    }

    private static func stand(for text: Substring) -> String {
        if text.contains("@"), text.count > 1 { return "NAME" }
        if isGUID(text) { return "ID" }
        if isAddress(text) { return "ADDRESS" }
        if isPath(text) { return text.hasPrefix("HOME/") ? "HOME/FILE" : "FILE" }
        let host = host(of: text)
        return isHost(host) ? String(text.replacing(host, with: "HOST")) : String(text)
    }

    private static func isGUID(_ text: Substring) -> Bool {
        text.split(separator: "-", omittingEmptySubsequences: false).map(\.count) == [8, 4, 4, 4, 12]
    }

    /// An address of either family, with or without a port or a zone.
    private static func isAddress(_ text: Substring) -> Bool {
        let bare = text.prefix { $0 != "]" && $0 != "%" }
        if bare.split(separator: ":", omittingEmptySubsequences: false).count > 2 {
            return bare.allSatisfy { $0.isHexDigit || $0 == ":" || $0 == "." }
        }
        let parts = bare.prefix { $0 != ":" }.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts.allSatisfy { UInt8($0) != nil }
    }

    /// A path that is somebody's own, and not the system's.
    private static func isPath(_ text: Substring) -> Bool {
        (text.hasPrefix("HOME/") || text.hasPrefix("/") && text.count > 1) && !isEverybodys(text)
    }

    /// A path that says nothing of whose it is, once the home directory is replaced.
    static func isEverybodys(_ path: Substring) -> Bool {
        if path.hasPrefix("HOME/.") { return !path.dropFirst(5).contains("/") || path == "HOME/.postgresql/root.crt" }
        return path == "/.default" || path.hasPrefix("/etc/ssl/")
    }

    /// The host of a URL, or the text itself without what may follow a host.
    private static func host(of text: Substring) -> Substring {
        let rest = text.firstRange(of: "://").map { text[$0.upperBound...] } ?? text
        return rest.prefix { $0 != "/" && $0 != ":" }
    }

    private static func isHost(_ text: Substring) -> Bool {
        let name = text.hasPrefix("*.") ? text.dropFirst(2) : text
        let labels = name.split(separator: ".", omittingEmptySubsequences: false)
        return labels.count > 2 && !publicHosts.contains(String(name)) && !name.hasPrefix("ossrdbms-aad.")
            && labels.allSatisfy { !$0.isEmpty && $0.allSatisfy { $0.isLetter || $0.isNumber || $0 == "-" } }
            && labels.last.map { $0.count > 1 && $0.allSatisfy(\.isLetter) } == true
    }
}
