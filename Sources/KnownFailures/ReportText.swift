/// The bytes of a report, ready to be searched.
///
/// They need not be text.
struct ReportText {
    /// How far a gap reaches, in bytes.
    private static let longestGap = 400

    /// The report in UTF-8, without zero bytes and without what colours a terminal.
    let bytes: [UInt8]
    /// The same in small letters, every blank and line end a space: as long as ``bytes``.
    private let folded: [UInt8]

    init(_ report: [UInt8]) {
        bytes = Self.withoutControlSequences(Self.inUTF8(report))
        folded = [UInt8](unsafeUninitializedCapacity: bytes.count) { [bytes] target, count in
            bytes.withUnsafeBufferPointer { source in
                for index in 0..<source.count {
                    let byte = source[index]
                    target[index] = byte &- 65 < 26 ? byte | 0x20 : byte &- 9 < 5 ? 0x20 : byte
                }
            }
            count = bytes.count
        }
    }

    /// The report if it is one short word.
    var onlyWord: String? {
        guard bytes.count <= 16 else { return nil }
        let words = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isWhitespace)
        return words.count == 1 ? words.first.map(String.init) : nil
    }

    /// Where each anchor of an index stands.
    func places(of index: AnchorIndex) -> [[Int]] { index.places(in: folded) }

    /// The first of the places, where a pattern's anchor stands, at which all of the pattern does.
    func first(_ pattern: FailurePattern, at places: [Int]) -> Finding? {
        guard let anchor = pattern.anchor else { return nil }
        for start in places {
            if let finding = match(pattern, anchor, at: start) { return finding }
        }
        return nil
    }

    /// The first place of a pattern for each of those whose hosts are named there.
    func firstOfEach(_ pattern: FailurePattern, at places: [Int]) -> [NamedHost?: Finding] {
        guard let anchor = pattern.anchor else { return [:] }
        var found: [NamedHost?: Finding] = [:]
        for start in places {
            guard let finding = match(pattern, anchor, at: start) else { continue }
            let host = namedHost(at: finding.range)
            if found[host] == nil { found[host] = finding }
        }
        return found
    }

    private func match(_ pattern: FailurePattern, _ anchor: [UInt8], at start: Int) -> Finding? {
        end(of: anchor, at: start, before: folded.count).flatMap {
            match(pattern.parts.dropFirst(), from: start..<$0, anchor.count)
        }
    }

    /// Follows the rest of a pattern from the place of its beginning.
    private func match(
        _ parts: ArraySlice<FailurePattern.Part>, from start: Range<Int>, _ literalCount: Int
    ) -> Finding? {
        var finding = Finding(range: start, literalCount: literalCount)
        var position = start.upperBound
        var followsValue = false
        for part in parts {
            switch part {
            case .gap: followsValue = false
            case .value(let name):
                guard let value = quotedValue(from: position) else { return nil }
                finding.values[name] = value.content
                position = value.end
                followsValue = true
            case .text(let fragment):
                // What follows a value without a gap stands right behind it.
                let end =
                    followsValue
                    ? end(of: fragment, at: position, before: bytes.count)
                    : endOfFirst(fragment, in: position..<lineEnd(from: position))
                guard let end else { return nil }
                position = end
                finding.literalCount += fragment.count
                followsValue = false
            }
        }
        // A pattern that ends within a name stands for the whole name, as its value would.
        if case .text? = (parts.last ?? .text([])), position > 0, Self.isWordByte(folded[position - 1]) {
            position = endOfName(from: position)
        }
        finding.range = start.lowerBound..<position
        return finding
    }

    /// Where a fragment ends, the first time it stands in a part of the report.
    private func endOfFirst(_ fragment: [UInt8], in range: Range<Int>) -> Int? {
        guard let first = fragment.first, range.count >= fragment.count else { return nil }
        for start in range.lowerBound...(range.upperBound - fragment.count) where folded[start] == first {
            if let end = end(of: fragment, at: start, before: range.upperBound) { return end }
        }
        return nil
    }

    /// Where a fragment ends that begins at a place; a number in it is a whole number of the report.
    private func end(of fragment: [UInt8], at start: Int, before limit: Int) -> Int? {
        let end = folded.withUnsafeBufferPointer { Fragment.end(of: fragment, at: start, before: limit, in: $0) }
        return end.flatMap { cutsNumber(start..<$0, fragment) ? nil : $0 }
    }

    /// Whether a fragment that begins or ends with a number has found a part of a longer one.
    private func cutsNumber(_ place: Range<Int>, _ fragment: [UInt8]) -> Bool {
        Self.isDigit(fragment.last) && place.upperBound < folded.count && Self.isDigit(folded[place.upperBound])
            || Self.isDigit(fragment.first) && place.lowerBound > 0 && Self.isDigit(folded[place.lowerBound - 1])
    }

    /// The value after a position, in whatever it is enclosed by, or as a word.
    private func quotedValue(from start: Int) -> (content: Range<Int>, end: Int)? {
        let end = lineEnd(from: start)
        var position = start
        while position < end, position - start < 2,
            [0x20, UInt8(ascii: ":"), UInt8(ascii: "=")].contains(folded[position])
        {
            position += 1
        }
        // A word is one by the blank before it: in role.sql there is no name of a role.
        let isApart = position > start || start > 0 && !Self.isWordByte(folded[start - 1])
        guard position < end else { return nil }
        let pairs: [UInt8: UInt8] = [
            UInt8(ascii: "["): UInt8(ascii: "]"), UInt8(ascii: "\""): UInt8(ascii: "\""),
            UInt8(ascii: "'"): UInt8(ascii: "'"), UInt8(ascii: "<"): UInt8(ascii: ">"),
            UInt8(ascii: "("): UInt8(ascii: ")"), UInt8(ascii: "`"): UInt8(ascii: "`"),
        ]
        if folded[position] == UInt8(ascii: "\\"), position + 1 < end { position += 1 }
        if let closer = pairs[folded[position]] {
            guard let close = folded[(position + 1)..<end].firstIndex(of: closer), close > position + 1 else {
                return nil
            }
            let isEscaped = folded[close - 1] == UInt8(ascii: "\\")
            return (position + 1..<(isEscaped ? close - 1 : close), close + 1)
        }
        guard isApart else { return nil }
        var stop = folded[position..<end].firstIndex { Self.endsWord($0) } ?? end
        while stop > position, [UInt8(ascii: "."), UInt8(ascii: ":")].contains(folded[stop - 1]) { stop -= 1 }
        return stop > position ? (position..<stop, stop) : nil
    }

    /// Where the line of a place begins, or so many bytes before it.
    func line(before place: Int, upTo limit: Int) -> Int {
        let first = max(0, place - limit)
        return bytes[first..<place].lastIndex { $0 == 10 }.map { $0 + 1 } ?? first
    }

    /// Where a fragment without blanks begins the first time in a part of the report.
    func first(_ fragment: [UInt8], in range: Range<Int>) -> Int? {
        folded[range].firstRange(of: fragment)?.lowerBound
    }

    /// The same for the last time.
    func last(_ fragment: [UInt8], in range: Range<Int>) -> Int? {
        guard let byte = fragment.first, range.count >= fragment.count else { return nil }
        return (range.lowerBound...(range.upperBound - fragment.count)).last {
            folded[$0] == byte && folded[$0...].starts(with: fragment)
        }
    }

    /// The end of the line, or of what a gap may reach.
    func lineEnd(from start: Int) -> Int {
        let limit = min(start + Self.longestGap, bytes.count)
        return bytes[start..<limit].firstIndex { $0 == 10 } ?? limit
    }

    /// The end of a name that goes on with dots and hyphens; the full stop behind it is none of its own.
    private func endOfName(from start: Int) -> Int {
        let end = lineEnd(from: start)
        var stop =
            folded[start..<end].firstIndex {
                !Self.isWordByte($0) && $0 != UInt8(ascii: ".") && $0 != UInt8(ascii: "-")
            } ?? end
        while stop > start, folded[stop - 1] == UInt8(ascii: ".") { stop -= 1 }
        return stop
    }

    private static func endsWord(_ byte: UInt8) -> Bool { byte == 0x20 || ",;)]}".utf8.contains(byte) }

    private static func isWordByte(_ byte: UInt8) -> Bool {
        byte &- 48 < 10 || byte &- 97 < 26 || byte == UInt8(ascii: "_")
    }

    private static func isDigit(_ byte: UInt8?) -> Bool { byte.map { $0 &- 48 < 10 } ?? false }
}
