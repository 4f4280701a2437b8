/// Finds what must not be shown in a text that somebody pasted: tokens, passwords, client secrets.
///
/// Rather hides too much than too little.
package enum SecretMask {
    private static let names = [
        "password", "passwd", "pwd", "secret", "token", "assertion", "sharedkey", "accesskey", "sig", "device_code",
    ]

    /// The text with every secret replaced.
    package static func masked(_ text: String) -> String {
        let bytes = Array(text.utf8)
        var result: [UInt8] = []
        var position = 0
        for secret in ranges(in: bytes[...]) {
            result += bytes[position..<secret.lowerBound] + Array("<masked>".utf8)
            position = secret.upperBound
        }
        return String(decoding: result + bytes[position...], as: UTF8.self)
    }

    /// Where secrets are, in order and apart from each other.
    package static func ranges(in bytes: ArraySlice<UInt8>) -> [Range<Int>] {
        let found = runs(in: bytes) + assigned(in: bytes) + uriPasswords(in: bytes)
        var merged: [Range<Int>] = []
        for range in found.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            if let last = merged.last, range.lowerBound <= last.upperBound {
                merged[merged.count - 1] = last.lowerBound..<max(last.upperBound, range.upperBound)
            } else {
                merged.append(range)
            }
        }
        return merged
    }

    /// JSON Web Tokens, and long words of letters in both cases and digits, as refresh tokens and keys are.
    private static func runs(in bytes: ArraySlice<UInt8>) -> [Range<Int>] {
        var found: [Range<Int>] = []
        var start = bytes.startIndex
        while start < bytes.endIndex {
            let end = bytes[start...].firstIndex { !isTokenByte($0) } ?? bytes.endIndex
            let run = bytes[start..<end]
            if let mark = mark(in: run), end - mark >= 12 {
                found.append(mark..<end)
            } else if run.count >= 48, run.contains(where: isUpper), run.contains(where: isLower),
                run.contains(where: isDigit)
            {
                found.append(start..<end)
            }
            start = end + 1
        }
        return found
    }

    /// Where `eyJ` begins in a word, as every JSON Web Token does.
    private static func mark(in run: ArraySlice<UInt8>) -> Int? {
        guard run.count >= 12 else { return nil }
        return run.indices.dropLast(2).first { run[$0] == 0x65 && run[$0 + 1] == 0x79 && run[$0 + 2] == 0x4A }
    }

    /// What stands after `password=`, `"access_token": "` or `Bearer `.
    private static func assigned(in bytes: ArraySlice<UInt8>) -> [Range<Int>] {
        var found: [Range<Int>] = []
        for index in bytes.indices {
            let byte = bytes[index]
            if byte == UInt8(ascii: "=") || byte == UInt8(ascii: ":") {
                var end = index
                while end > bytes.startIndex, [0x20, 0x22, 0x27, 0x5C].contains(bytes[end - 1]) { end -= 1 }
                // A colon makes a sentence as often as a member: there the name has to stand in quotes.
                if byte == UInt8(ascii: ":"), end == index || bytes[index - 1] == 0x20 { continue }
                if hasSecretName(bytes[bytes.startIndex..<end]), let value = value(in: bytes, from: index + 1) {
                    found.append(value)
                }
            } else if byte | 0x20 == UInt8(ascii: "b"), follows("bearer ", in: bytes, at: index),
                let value = value(in: bytes, from: index + 7), value.count >= 12
            {
                found.append(value)
            }
        }
        return found
    }

    /// Passwords of URIs, between the second colon and the at sign.
    private static func uriPasswords(in bytes: ArraySlice<UInt8>) -> [Range<Int>] {
        bytes.indices.compactMap { index in
            guard bytes[index] == UInt8(ascii: ":"), follows("://", in: bytes, at: index) else { return nil }
            let rest = bytes[(index + 3)...].prefix { $0 > 0x20 && $0 != UInt8(ascii: "/") && $0 != 0x22 }
            guard let colon = rest.firstIndex(of: UInt8(ascii: ":")), let at = rest.lastIndex(of: UInt8(ascii: "@")),
                colon + 1 < at
            else { return nil }
            return colon + 1..<at
        }
    }

    private static func value(in bytes: ArraySlice<UInt8>, from start: Int) -> Range<Int>? {
        var position = start
        while position < bytes.endIndex, bytes[position] == 0x20 || bytes[position] == 0x5C { position += 1 }
        guard position < bytes.endIndex else { return nil }
        let quote = [0x22, 0x27].contains(bytes[position]) ? bytes[position] : nil
        if quote != nil { position += 1 }
        let end =
            bytes[position...].firstIndex { byte in
                byte == 10 || (quote.map { byte == $0 } ?? (byte <= 0x20 || byte == UInt8(ascii: "&") || byte == 0x22))
            } ?? bytes.endIndex
        return end > position ? position..<end : nil
    }

    private static func hasSecretName(_ bytes: ArraySlice<UInt8>) -> Bool {
        let word = bytes.suffix(16).map { isUpper($0) ? $0 | 0x20 : $0 }
        return names.contains { word.suffix($0.utf8.count).elementsEqual($0.utf8) }
    }

    private static func follows(_ text: String, in bytes: ArraySlice<UInt8>, at index: Int) -> Bool {
        let part = bytes[index...].prefix(text.utf8.count)
        return part.count == text.utf8.count && zip(part, text.utf8).allSatisfy { (isUpper($0) ? $0 | 0x20 : $0) == $1 }
    }

    private static func isUpper(_ byte: UInt8) -> Bool { byte &- 65 < 26 }
    private static func isLower(_ byte: UInt8) -> Bool { byte &- 97 < 26 }
    private static func isDigit(_ byte: UInt8) -> Bool { byte &- 48 < 10 }

    /// What a line begins with, behind its indent, if the line before ends in the middle of a token that was wrapped.
    package static func continuation(of line: Range<Int>, in bytes: [UInt8]) -> Range<Int>? {
        guard line.lowerBound > 0, bytes[line.lowerBound - 1] == 10,
            let start = bytes[line].firstIndex(where: { !isBlank($0) }),
            let last = bytes[..<(line.lowerBound - 1)].lastIndex(where: { !isBlank($0) })
        else { return nil }
        let end = bytes[start..<line.upperBound].firstIndex { !isTokenByte($0) } ?? line.upperBound
        let before = bytes[...last].suffix(32)
        guard end - start >= 8, before.count == 32, before.allSatisfy(isTokenByte),
            before.contains(where: isLower), before.contains(where: isUpper), before.contains(where: isDigit)
        else { return nil }
        return start..<end
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 9 || byte == 13 }

    private static func isTokenByte(_ byte: UInt8) -> Bool {
        isUpper(byte) || isLower(byte) || isDigit(byte) || "-_.~+=".utf8.contains(byte)
    }
}
