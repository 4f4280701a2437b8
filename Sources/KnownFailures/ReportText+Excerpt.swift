import TokenCredentials

extension ReportText {
    /// How much of a line is shown before and after a match, in bytes.
    private static let margin = (before: 100, after: 160)
    /// How far around a match secrets are looked for, in bytes.
    private static let horizon = 1 << 15

    /// The line around a place, cut to what a person reads, on one line and without secrets.
    func excerpt(around place: Range<Int>) -> String {
        guard !place.isEmpty else { return "" }
        let horizon = self.horizon(of: place)
        var masked = SecretMask.ranges(in: bytes[horizon])
        if let rest = SecretMask.continuation(of: horizon, in: bytes), masked.first?.overlaps(rest) != true {
            masked.insert(rest, at: 0)
        }
        var range =
            max(
                horizon.lowerBound, place.lowerBound - Self.margin.before)..<min(
                horizon.upperBound, place.lowerBound + 2 * Self.margin.after, place.upperBound + Self.margin.after)
        // What is cut in the middle might be read as something else than the secret it is.
        for secret in masked where secret.overlaps(range) {
            range = min(range.lowerBound, secret.lowerBound)..<max(range.upperBound, secret.upperBound)
        }
        var shown: [UInt8] = []
        var position = range.lowerBound
        for secret in masked where secret.lowerBound >= position && secret.upperBound <= range.upperBound {
            shown += bytes[position..<secret.lowerBound] + Array("<masked>".utf8)
            position = secret.upperBound
        }
        shown += bytes[position..<range.upperBound]
        let text = String(decoding: shown, as: UTF8.self).onOneLine.trimmed
        return (range.lowerBound > horizon.lowerBound ? "… " : "") + text
            + (range.upperBound < horizon.upperBound ? " …" : "")
    }

    /// A value of the report as it may be shown; `nil` if it is too long to be one, or a secret.
    func value(at range: Range<Int>) -> String? {
        guard range.count <= 256 else { return nil }
        let secrets = SecretMask.ranges(in: bytes[horizon(of: range)])
        guard !secrets.contains(where: { $0.overlaps(range) }) else { return nil }
        let text = String(decoding: bytes[range], as: UTF8.self).onOneLine.trimmed
        return text.isEmpty ? nil : text
    }

    /// The line a place is in, as far as it matters.
    private func horizon(of place: Range<Int>) -> Range<Int> {
        let first = max(0, place.lowerBound - Self.horizon)
        let last = min(bytes.count, place.upperBound + Self.horizon)
        let start = bytes[first..<place.lowerBound].lastIndex { $0 == 10 }.map { $0 + 1 } ?? first
        let end = bytes[place.upperBound..<last].firstIndex { $0 == 10 } ?? last
        return start..<end
    }
}
