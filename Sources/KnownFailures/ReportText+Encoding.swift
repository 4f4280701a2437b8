extension ReportText {
    /// A report of any encoding that Windows or a terminal writes, as UTF-8 without zero bytes.
    static func inUTF8(_ report: [UInt8]) -> [UInt8] {
        let isLittleEndian = report.starts(with: [0xFF, 0xFE])
        guard isLittleEndian || report.starts(with: [0xFE, 0xFF]) else {
            return report.contains(0) ? report.filter { $0 != 0 } : report
        }
        let units = stride(from: 2, to: report.count - 1, by: 2).map { index in
            let (first, second) = (UInt16(report[index]), UInt16(report[index + 1]))
            return isLittleEndian ? second << 8 | first : first << 8 | second
        }
        return String(decoding: units, as: UTF16.self).utf8.filter { $0 != 0 }
    }

    /// The bytes less the sequences that colour a terminal (ECMA-48, section 5.4), which stand in the middle of words.
    static func withoutControlSequences(_ bytes: [UInt8]) -> [UInt8] {
        guard bytes.contains(0x1B) else { return bytes }
        var kept: [UInt8] = []
        kept.reserveCapacity(bytes.count)
        var position = 0
        while position < bytes.count {
            if bytes[position] == 0x1B, let end = sequenceEnd(in: bytes, from: position) {
                position = end
            } else {
                kept.append(bytes[position])
                position += 1
            }
        }
        return kept
    }

    /// The end of the control sequence that begins at an escape.
    private static func sequenceEnd(in bytes: [UInt8], from start: Int) -> Int? {
        guard start + 1 < bytes.count, bytes[start + 1] == UInt8(ascii: "[") else { return nil }
        // Longer ones are not written by anybody.
        let rest = bytes[(start + 2)...].prefix(32)
        guard let final = rest.firstIndex(where: { !(0x20...0x3F).contains($0) }), (0x40...0x7E).contains(bytes[final])
        else { return nil }
        return final + 1
    }
}
