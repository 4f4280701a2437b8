/// Reads `postgresql://user:password@host:port,host:port/dbname?keyword=value&…`, as libpq does.
struct URIReader {
    private let bytes: [UInt8]
    private let start: Int
    private var position: Int
    private var settings = SettingReader()
    /// Where the `@` after user and password is.
    private var endOfUserInfo: Int?

    /// The length of the beginning that makes a text a URI, in bytes; `nil` if the text is none.
    static func prefixLength(of bytes: [UInt8]) -> Int? {
        ["postgresql://", "postgres://"].first { bytes.starts(with: $0.utf8) }?.utf8.count
    }

    init(_ bytes: [UInt8], from position: Int) {
        self.bytes = bytes
        self.start = position
        self.position = position
    }

    mutating func read() throws(ConnectionInfoError) -> ConnectionInfo {
        try readUserInfo()
        try readServers()
        if current == UInt8(ascii: "/") {
            let slash = position
            position += 1
            let name = take { $0 != UInt8(ascii: "?") }
            try setUnlessEmpty("dbname", name, bytes[name].contains(UInt8(ascii: "@")) ? stray(at: slash) : nil)
        }
        if current != nil { position += 1 }
        while position < bytes.count { try readParameter() }
        return try settings.info()
    }

    private var current: UInt8? { position < bytes.count ? bytes[position] : nil }

    /// Passes over bytes while they satisfy a condition, and returns their place.
    private mutating func take(while condition: (UInt8) -> Bool) -> Range<Int> {
        let start = position
        while position < bytes.count, condition(bytes[position]) { position += 1 }
        return start..<position
    }

    /// Reads user and password, if there is an `@` before the first `/`.
    ///
    /// The first one ends them, raw as it is.
    private mutating func readUserInfo() throws(ConnectionInfoError) {
        let stop = bytes[position...].firstIndex { $0 == UInt8(ascii: "@") || $0 == UInt8(ascii: "/") }
        guard let stop, bytes[stop] == UInt8(ascii: "@") else { return }
        let user = take { $0 != UInt8(ascii: ":") && $0 != UInt8(ascii: "@") }
        try setUnlessEmpty("user", user)
        if position < stop { try setUnlessEmpty("password", position + 1..<stop) }
        position = stop + 1
        endOfUserInfo = stop
    }

    /// The mark for what ended user and password there, by what was being read; `nil` if it is none.
    ///
    /// A `/` is none where an `@` came before it.
    private func stray(at offset: Int) -> StrayMark? {
        guard endOfUserInfo == nil || endOfUserInfo == offset else { return nil }
        return StrayMark(
            offset: offset, keyword: bytes[start..<offset].contains(UInt8(ascii: ":")) ? "password" : "user")
    }

    /// Reads hosts and ports.
    ///
    /// Both lists have as many commas as there are in the text.
    private mutating func readServers() throws(ConnectionInfoError) {
        let start = position
        let at = UInt8(ascii: "@")
        var hosts: [[UInt8]] = []
        var ports: [[UInt8]] = []
        var strayHost: StrayMark?
        var strayPort: StrayMark?
        while true {
            let host = current == UInt8(ascii: "[") ? try takeBracketed() : take { !":/?,".utf8.contains($0) }
            hosts.append(try decode(host, of: "host"))
            var port: Range<Int> = position..<position
            if current == UInt8(ascii: ":") {
                position += 1
                port = take { !"/?,".utf8.contains($0) }
            }
            ports.append(try decode(port, of: "port"))
            if let end = endOfUserInfo {
                if bytes[host].dropFirst().contains(at) { strayHost = stray(at: end) }
                if bytes[port].contains(at) { strayPort = stray(at: end) }
            }
            guard current == UInt8(ascii: ",") else { break }
            position += 1
        }
        for (keyword, list, stray) in [("host", hosts, strayHost), ("port", ports, strayPort)] {
            let value = Array(list.joined(separator: [UInt8(ascii: ",")]))
            if !value.isEmpty { try settings.take(Array(keyword.utf8), at: start, value, at: start, stray) }
        }
    }

    /// Reads an address between brackets.
    private mutating func takeBracketed() throws(ConnectionInfoError) -> Range<Int> {
        let bracket = position
        position += 1
        let address = take { $0 != UInt8(ascii: "]") }
        guard current != nil else {
            throw ConnectionInfoError(.unterminatedBracket, offset: bracket, keyword: "host")
        }
        guard !address.isEmpty else { throw ConnectionInfoError(.emptyBrackets, offset: bracket, keyword: "host") }
        position += 1
        if let next = current, !":/?,".utf8.contains(next) {
            throw ConnectionInfoError(.textAfterBracket, offset: position, keyword: "host")
        }
        return address
    }

    /// Reads `keyword=value` and the `&` after it.
    private mutating func readParameter() throws(ConnectionInfoError) {
        let separators = (UInt8(ascii: "="), UInt8(ascii: "&"))
        let keyword = take { $0 != separators.0 && $0 != separators.1 }
        guard current == separators.0 else {
            throw ConnectionInfoError(.missingEquals, offset: keyword.lowerBound, keyword: settings.lastKeyword)
        }
        position += 1
        let value = take { $0 != separators.0 && $0 != separators.1 }
        let name = try decode(keyword, of: nil)
        let known = ConnectionKeyword.named(String(decoding: name, as: UTF8.self))?.name
        guard current != separators.0 else {
            throw ConnectionInfoError(.extraEquals, offset: position, keyword: known)
        }
        if current != nil { position += 1 }
        let text = try decode(value, of: known)
        if name == Array("ssl".utf8), text == Array("true".utf8) {
            // What JDBC's URIs say; libpq takes exactly this spelling.
            try settings.take(Array("sslmode".utf8), at: keyword.lowerBound, Array("require".utf8), at: 0)
        } else {
            try settings.take(name, at: keyword.lowerBound, text, at: value.lowerBound)
        }
    }

    /// An empty part of the authority or path says nothing; only a parameter can say that a value is empty.
    private mutating func setUnlessEmpty(
        _ keyword: String, _ range: Range<Int>, _ stray: StrayMark? = nil
    ) throws(ConnectionInfoError) {
        guard !range.isEmpty else { return }
        let value = try decode(range, of: keyword)
        try settings.take(Array(keyword.utf8), at: range.lowerBound, value, at: range.lowerBound, stray)
    }

    /// Percent-decodes; a plus is a plus.
    private func decode(_ range: Range<Int>, of keyword: String?) throws(ConnectionInfoError) -> [UInt8] {
        var result: [UInt8] = []
        var index = range.lowerBound
        while index < range.upperBound {
            guard bytes[index] == UInt8(ascii: "%") else {
                result.append(bytes[index])
                index += 1
                continue
            }
            guard index + 2 < range.upperBound, let high = Self.digit(bytes[index + 1]),
                let low = Self.digit(bytes[index + 2])
            else { throw ConnectionInfoError(.badPercentEncoding, offset: index, keyword: keyword) }
            guard high << 4 | low != 0 else { throw ConnectionInfoError(.nul, offset: index, keyword: keyword) }
            result.append(high << 4 | low)
            index += 3
        }
        return result
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
