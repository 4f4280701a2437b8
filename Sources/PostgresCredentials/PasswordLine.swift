/// One line of a password file, as libpq matches it.
struct PasswordLine {
    private static let colon = UInt8(ascii: ":")
    private static let backslash = UInt8(ascii: "\\")
    private static let star = UInt8(ascii: "*")

    /// Where the line is in the file, its newline included.
    let range: Range<Int>
    /// Whether zero bytes were lost, so that the line is not what the file shows.
    let isJoined: Bool
    /// A part of the file's own bytes where nothing was lost: a file may have thousands of long lines.
    private let bytes: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>, range: Range<Int>, isJoined: Bool) {
        var end = bytes.endIndex
        while end > bytes.startIndex, bytes[end - 1] == 10 || bytes[end - 1] == 13 { end -= 1 }
        self.bytes = bytes[..<end]
        self.range = range
        self.isJoined = isJoined
    }

    private var isComment: Bool { bytes.first == UInt8(ascii: "#") }

    /// The password of the entry if its four fields match; `nil` if they do not, or if this is no entry.
    func password(for fields: [[UInt8]], usingWildcards: Bool) -> [UInt8]? {
        guard !isComment else { return nil }
        var position = bytes.startIndex
        for field in fields {
            guard let next = end(of: field, from: position, usingWildcards) else { return nil }
            position = next
        }
        let rest = bytes[position...]
        guard rest.contains(Self.colon) || rest.contains(Self.backslash) else { return Array(rest) }
        var password: [UInt8] = []
        while position < bytes.endIndex, bytes[position] != Self.colon {
            if bytes[position] == Self.backslash, position + 1 < bytes.endIndex { position += 1 }
            password.append(bytes[position])
            position += 1
        }
        return password
    }

    /// The four fields of an entry, without their escapes; `nil` if there are not as many.
    var fields: [[UInt8]]? {
        guard !isComment else { return nil }
        var fields: [[UInt8]] = [[]]
        var position = bytes.startIndex
        while position < bytes.endIndex, fields.count < 5 {
            if bytes[position] == Self.colon {
                fields.append([])
            } else {
                if bytes[position] == Self.backslash, position + 1 < bytes.endIndex { position += 1 }
                fields[fields.count - 1].append(bytes[position])
            }
            position += 1
        }
        return fields.count == 5 ? Array(fields.dropLast()) : nil
    }

    /// The place after the field and its colon, if it is the one looked for.
    ///
    /// Follows the value looked for, so that a raw colon within a field matches too.
    private func end(of field: [UInt8], from start: Int, _ usingWildcards: Bool) -> Int? {
        if usingWildcards, bytes[start...].starts(with: [Self.star, Self.colon]) { return start + 2 }
        var position = start
        var index = 0
        while position < bytes.endIndex {
            if bytes[position] == Self.colon, index == field.count { return position + 1 }
            if bytes[position] == Self.backslash { position += 1 }
            guard index < field.count, position < bytes.endIndex, bytes[position] == field[index] else { return nil }
            position += 1
            index += 1
        }
        return nil
    }

    /// The four fields as they read without escapes, in one key (see ``joined(_:wildcards:)``); `nil` if this is no entry.
    ///
    /// Splits at every bare colon, and so finds no entry whose fields hold one.
    var canonicalKey: [UInt8]? {
        guard !isComment else { return nil }
        var key: [UInt8] = []
        key.reserveCapacity(128)
        var count = 0
        var start = bytes.startIndex
        var position = start
        while position < bytes.endIndex {
            let byte = bytes[position]
            if byte == Self.colon {
                if position == start + 1, bytes[start] == Self.star { key[key.count - 1] = UInt8(ascii: "\n") }
                key.append(UInt8(ascii: "\n"))
                count += 1
                if count == 4 { return key }
                start = position + 1
            } else if byte == Self.backslash, position + 1 < bytes.endIndex {
                position += 1
                key.append(bytes[position])
            } else {
                key.append(byte)
            }
            position += 1
        }
        return nil
    }

    /// Whether the line may match logins other than the one it spells: it has a `*`, a bare colon too many, or lost bytes.
    var mayMatchOthers: Bool {
        isJoined || bytes.contains(Self.star) || bytes.count { $0 == Self.colon } > 4
    }

    /// One key of four fields: no field holds a newline, which therefore divides them, nor is one after a wildcard.
    static func joined(_ fields: [[UInt8]], wildcards: [Bool]) -> [UInt8] {
        var key: [UInt8] = []
        for (field, isWildcard) in zip(fields, wildcards) {
            key += isWildcard ? [UInt8(ascii: "\n")] : field
            key.append(UInt8(ascii: "\n"))
        }
        return key
    }
}
