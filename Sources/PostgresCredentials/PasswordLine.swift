/// One line of a password file, as libpq matches it.
struct PasswordLine {
    /// Where the line is in the file, its newline included.
    let range: Range<Int>
    /// Whether zero bytes were lost, so that the line is not what the file shows.
    let isJoined: Bool
    private let bytes: [UInt8]

    init(_ bytes: [UInt8], range: Range<Int>, isJoined: Bool) {
        self.bytes = Array(bytes[..<(bytes.lastIndex { $0 != 10 && $0 != 13 }.map { $0 + 1 } ?? 0)])
        self.range = range
        self.isJoined = isJoined
    }

    /// The password of the entry if its four fields match; `nil` if they do not, or if this is no entry.
    func password(for fields: [[UInt8]], usingWildcards: Bool) -> [UInt8]? {
        guard bytes.first != UInt8(ascii: "#") else { return nil }
        var position = 0
        for field in fields {
            guard let next = end(of: field, from: position, usingWildcards) else { return nil }
            position = next
        }
        var password: [UInt8] = []
        while position < bytes.count, bytes[position] != UInt8(ascii: ":") {
            if bytes[position] == UInt8(ascii: "\\"), position + 1 < bytes.count { position += 1 }
            password.append(bytes[position])
            position += 1
        }
        return password
    }

    /// The four fields of an entry, without their escapes; `nil` if there are not as many.
    var fields: [[UInt8]]? {
        guard bytes.first != UInt8(ascii: "#") else { return nil }
        var fields: [[UInt8]] = [[]]
        var position = 0
        while position < bytes.count, fields.count < 5 {
            if bytes[position] == UInt8(ascii: ":") {
                fields.append([])
            } else {
                if bytes[position] == UInt8(ascii: "\\"), position + 1 < bytes.count { position += 1 }
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
        let colon = UInt8(ascii: ":")
        if usingWildcards, bytes[start...].starts(with: [UInt8(ascii: "*"), colon]) { return start + 2 }
        var position = start
        var index = 0
        while position < bytes.count {
            if bytes[position] == colon, index == field.count { return position + 1 }
            if bytes[position] == UInt8(ascii: "\\") { position += 1 }
            guard index < field.count, position < bytes.count, bytes[position] == field[index] else { return nil }
            position += 1
            index += 1
        }
        return nil
    }

    /// The four fields as they read without escapes, in one key; `nil` if this is no entry.
    ///
    /// Splits at every bare colon, and so finds no entry whose fields hold one.
    var canonicalKey: [UInt8]? {
        guard bytes.first != UInt8(ascii: "#") else { return nil }
        var fields: [[UInt8]] = [[]]
        var wildcards = [false, false, false, false]
        var start = 0
        var position = 0
        while position < bytes.count {
            if bytes[position] == UInt8(ascii: ":") {
                wildcards[fields.count - 1] = position == start + 1 && bytes[start] == UInt8(ascii: "*")
                position += 1
                start = position
                if fields.count == 4 { return Self.joined(fields, wildcards: wildcards) }
                fields.append([])
                continue
            }
            if bytes[position] == UInt8(ascii: "\\"), position + 1 < bytes.count { position += 1 }
            fields[fields.count - 1].append(bytes[position])
            position += 1
        }
        return nil
    }

    /// Whether the line may match logins other than the one it spells: it has a `*`, a bare colon too many, or lost bytes.
    var mayMatchOthers: Bool {
        isJoined || bytes.contains(UInt8(ascii: "*")) || bytes.count { $0 == UInt8(ascii: ":") } > 4
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
