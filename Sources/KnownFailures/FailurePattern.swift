/// A text to look for: fragments that stand in one line in this order, with gaps and values between them.
///
/// Written as a literal in which `…` stands for a gap and `{role}` for a value. Case does not count. A value may stand
/// in quotes or brackets, `role[x]` as well as `role "x"`.
package struct FailurePattern: Sendable, ExpressibleByStringLiteral {
    enum Part: Equatable, Sendable {
        case text([UInt8])
        case gap
        case value(Placeholder)
    }

    let parts: [Part]
    /// The text a pattern begins with.
    var anchor: [UInt8]? {
        guard case .text(let bytes)? = parts.first else { return nil }
        return bytes
    }

    /// The literal.
    package let source: String

    package init(stringLiteral source: String) {
        self.source = source
        var parts: [Part] = []
        var fragment: [UInt8] = []
        func endFragment() {
            if !fragment.isEmpty { parts.append(.text(fragment)) }
            fragment = []
        }
        var rest = Substring(source)
        while let character = rest.first {
            if character == "…" {
                endFragment()
                parts.append(.gap)
            } else if character == "{", let end = rest.firstIndex(of: "}"),
                let name = Placeholder(rawValue: String(rest[rest.index(after: rest.startIndex)..<end]))
            {
                endFragment()
                parts.append(.value(name))
                rest = rest[end...]
            } else {
                fragment += character.lowercased().utf8
            }
            rest = rest.dropFirst()
        }
        endFragment()
        self.parts = parts
    }

    /// How the pattern is shown to people: values by their names in capitals.
    package var shown: String { FailureTemplate(stringLiteral: source).filled([:]) }
}
