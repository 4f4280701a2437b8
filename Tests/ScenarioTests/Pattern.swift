/// A text in which `*` stands for anything, so that a scenario can leave open what is drawn by lot.
struct Pattern: CustomStringConvertible {
    let description: String

    init(_ text: String) { description = text }

    /// Whether the whole of a text is as the pattern says.
    func matches(_ text: String) -> Bool {
        let parts = description.split(separator: "*", omittingEmptySubsequences: false)
        guard parts.count > 1, let first = parts.first, let last = parts.last else { return text == description }
        guard text.hasPrefix(first), text.hasSuffix(last), text.count >= first.count + last.count else { return false }
        var rest = text.dropFirst(first.count).dropLast(last.count)
        for part in parts.dropFirst().dropLast() {
            guard let found = rest.firstRange(of: part) else { return false }
            rest = rest[found.upperBound...]
        }
        return true
    }

    /// What differs between the lines expected and those found, in words; `nil` if nothing does.
    static func difference(_ expected: [String], _ found: [String]) -> String? {
        let agree = expected.count == found.count && zip(expected, found).allSatisfy { Pattern($0).matches($1) }
        return agree
            ? nil
            : "expected\n  " + expected.joined(separator: "\n  ") + "\nand found\n  " + found.joined(separator: "\n  ")
    }
}
