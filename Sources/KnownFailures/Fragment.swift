/// A literal piece of a pattern, in small letters.
enum Fragment {
    /// How many blanks may stand where a fragment has one, in bytes; texts are wrapped and indented.
    private static let mostBlanks = 64
    static let blank = UInt8(ascii: " ")

    /// Where the fragment ends that begins at a place of a folded text; `nil` if it does not stand there.
    static func end(of fragment: [UInt8], at start: Int, before limit: Int, in text: UnsafeBufferPointer<UInt8>) -> Int?
    {
        var position = start
        for byte in fragment {
            guard position < limit, text[position] == byte else { return nil }
            position += 1
            guard byte == blank else { continue }
            let last = min(limit, position + mostBlanks)
            while position < last, text[position] == blank { position += 1 }
        }
        return position
    }
}
