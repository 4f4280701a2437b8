/// Reads the Basic Encoding Rules (X.690) as far as LDAP uses them: definite lengths, tags of one byte.
struct BERReader {
    /// One value with its tag.
    struct Element {
        let tag: UInt8
        let contents: ArraySlice<UInt8>
    }

    private var rest: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>) {
        rest = bytes
    }

    var isAtEnd: Bool { rest.isEmpty }

    /// The next value; `nil` if what follows is none, or is not there in full.
    mutating func next() -> Element? {
        guard let tag = rest.first, tag & 0x1F != 0x1F,
            case .known(let header, let length)? = Self.length(rest.dropFirst()),
            rest.count - 1 - header >= length
        else { return nil }
        let start = rest.startIndex + 1 + header
        defer { rest = rest[(start + length)...] }
        return Element(tag: tag, contents: rest[start..<(start + length)])
    }

    /// The next value's contents, if it has that tag.
    mutating func next(_ tag: UInt8) -> ArraySlice<UInt8>? {
        guard rest.first == tag else { return nil }
        return next()?.contents
    }

    /// A length field, as far as it is there.
    enum Length: Equatable {
        /// More bytes are needed to tell.
        case incomplete
        /// The field takes `header` bytes and says that `length` bytes follow.
        case known(header: Int, length: Int)
    }

    /// Reads a length field; `nil` for an indefinite one and for one of more than four bytes.
    static func length(_ bytes: ArraySlice<UInt8>) -> Length? {
        guard let first = bytes.first else { return .incomplete }
        if first < 0x80 { return .known(header: 1, length: Int(first)) }
        let count = Int(first & 0x7F)
        guard (1...4).contains(count) else { return nil }
        let digits = bytes.dropFirst().prefix(count)
        guard digits.count == count else { return .incomplete }
        return .known(header: 1 + count, length: digits.reduce(0) { $0 << 8 | Int($1) })
    }

    /// A whole number that is not negative and fits in 31 bits (RFC 4511, section 4.1.1.1); `nil` if it is another.
    static func number(_ contents: ArraySlice<UInt8>) -> Int32? {
        guard (1...4).contains(contents.count), let first = contents.first, first < 0x80 else { return nil }
        return contents.reduce(0) { $0 << 8 | Int32($1) }
    }
}
