/// Reads `keyword=value keyword='quoted value'`, as libpq does.
struct KeywordValueReader {
    private let bytes: [UInt8]
    private var position = 0
    private var settings = SettingReader()

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    mutating func read() throws(ConnectionInfoError) -> ConnectionInfo {
        skipSpace()
        while position < bytes.count {
            let start = position
            let keyword = try readKeyword()
            skipSpace()
            let valueStart = position
            let isQuoted = position < bytes.count && bytes[position] == UInt8(ascii: "'")
            let value = isQuoted ? try readQuotedValue(of: keyword) : readBareValue()
            try settings.take(keyword, at: start, value, at: valueStart)
            skipSpace()
        }
        return try settings.info()
    }

    private mutating func skipSpace() {
        while position < bytes.count, isSpace(bytes[position]) { position += 1 }
    }

    /// Reads a name and the `=` after it.
    private mutating func readKeyword() throws(ConnectionInfoError) -> [UInt8] {
        let start = position
        while position < bytes.count, bytes[position] != UInt8(ascii: "="), !isSpace(bytes[position]) { position += 1 }
        let keyword = Array(bytes[start..<position])
        skipSpace()
        guard position < bytes.count, bytes[position] == UInt8(ascii: "=") else {
            throw ConnectionInfoError(.missingEquals, offset: start, keyword: settings.lastKeyword)
        }
        position += 1
        return keyword
    }

    /// Reads up to white space.
    ///
    /// A backslash takes the next byte as it is; a last one stands for nothing.
    private mutating func readBareValue() -> [UInt8] {
        var value: [UInt8] = []
        while position < bytes.count, !isSpace(bytes[position]) {
            if bytes[position] == UInt8(ascii: "\\") { position += 1 }
            guard position < bytes.count else { break }
            value.append(bytes[position])
            position += 1
        }
        return value
    }

    /// Reads up to the closing quote, after which the next name may follow at once.
    private mutating func readQuotedValue(of keyword: [UInt8]) throws(ConnectionInfoError) -> [UInt8] {
        let start = position
        var value: [UInt8] = []
        position += 1
        while position < bytes.count {
            var byte = bytes[position]
            position += 1
            if byte == UInt8(ascii: "'") { return value }
            if byte == UInt8(ascii: "\\") {
                guard position < bytes.count else { break }
                byte = bytes[position]
                position += 1
            }
            value.append(byte)
        }
        let name = String(decoding: keyword, as: UTF8.self)
        throw ConnectionInfoError(
            .unterminatedQuote, offset: start, keyword: ConnectionKeyword.named(name).map(\.name))
    }
}
