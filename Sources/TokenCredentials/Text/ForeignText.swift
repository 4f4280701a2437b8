/// A text of somebody else's, such as a program's complaint, as a sentence of ours may hold it: its secrets masked, on
/// one line, without anything that a terminal takes for a command, and cut after so many characters.
package func foreign(_ text: String, upTo limit: Int = 500) -> String {
    // A secret that the cut goes through is masked all the same: it is cut afterwards.
    let shown = SecretMask.masked(String(text.unicodeScalars.prefix(1 << 16))).onOneLine
    return shown.unicodeScalars.count > limit ? String(shown.unicodeScalars.prefix(limit)) + "…" : shown
}

/// A text from outside between quotation marks, cut at 64 characters, without anything that moves a cursor.
package func quoted(_ text: some StringProtocol) -> String {
    let scalars = text.unicodeScalars
    let shown = String(String.UnicodeScalarView(scalars.prefix(64))).printable
    return "\"\(shown)\(scalars.count > 64 ? "…" : "")\""
}

extension StringProtocol {
    /// A name or a value as a terminal or a log may show it: what would move the cursor, end the line, turn the
    /// direction of writing round or not be seen is written as `\u001b`.
    package var printable: String { escaped { $0.isPrintable ? nil : $0.escaped } }

    /// A sentence as ``printable`` has it, with a blank in the place of each line end and tab.
    package var onOneLine: String {
        escaped { scalar in
            switch scalar {
            case "\t"..."\r", "\u{85}", "\u{2028}", "\u{2029}": " "
            default: scalar.isPrintable ? nil : scalar.escaped
            }
        }
    }

    /// Several lines as ``printable`` has each; a JSON document stays the same document.
    package var printableLines: String { escaped { $0.isPrintable || $0 == "\n" ? nil : $0.escaped } }

    /// The text with what the closure gives in the place of a scalar.
    private func escaped(_ stand: (Unicode.Scalar) -> String?) -> String {
        guard !utf8.allSatisfy({ (0x20...0x7E).contains($0) }) else { return String(self) }
        var result = ""
        for scalar in unicodeScalars {
            if let text = stand(scalar) { result += text } else { result.unicodeScalars.append(scalar) }
        }
        return result
    }
}

extension Unicode.Scalar {
    /// Whether it is a control character (C0, C1 or DEL).
    package var isControl: Bool { properties.generalCategory == .control }

    /// Whether it is seen where it stands and changes nothing else: no control, no mark of direction or of no width, no
    /// line end but of those of Unicode's own, and nothing that has no meaning for everybody.
    package var isPrintable: Bool {
        switch properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: false
        // Fillers of no width; the selectors of how a sign is drawn are part of that sign.
        default: !properties.isDefaultIgnorableCodePoint || properties.isVariationSelector
        }
    }

    /// As JSON writes it (RFC 8259, section 7).
    fileprivate var escaped: String {
        UTF16.encode(self).map { unit in
            unit.map { unit in
                let digits = String(unit, radix: 16)
                return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            }.joined()
        } ?? ""
    }
}
