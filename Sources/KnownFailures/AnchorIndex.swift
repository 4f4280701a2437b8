/// The beginnings of all patterns, found in one pass over a report.
struct AnchorIndex: Sendable {
    /// How many places of a report are looked at for one beginning.
    private static let mostPlaces = 1_000
    /// The bytes that choose a slot; no pattern begins with fewer.
    static let keyLength = 4

    private let anchors: [[UInt8]]
    private let numbers: [[UInt8]: Int]
    /// For each hash, the anchors that begin with bytes of that hash: a range of `members`.
    private let slots: [Range<Int>]
    private let members: [Int]

    init(_ patterns: [FailurePattern]) {
        anchors = Array(Set(patterns.compactMap(\.anchor).filter { $0.count >= Self.keyLength }))
        numbers = Dictionary(anchors.enumerated().map { ($1, $0) }) { first, _ in first }
        var lists = [[Int]](repeating: [], count: 1 << 16)
        for (number, anchor) in anchors.enumerated() {
            lists[Self.slot(anchor[0], anchor[1], anchor[2], anchor[3])].append(number)
        }
        var slots: [Range<Int>] = []
        var members: [Int] = []
        for list in lists {
            slots.append(members.count..<members.count + list.count)
            members += list
        }
        self.slots = slots
        self.members = members
    }

    /// The places where each anchor stands, the first ones of very many.
    func places(in text: [UInt8]) -> [[Int]] {
        var found = [[Int]](repeating: [], count: anchors.count)
        guard text.count >= Self.keyLength else { return found }
        text.withUnsafeBufferPointer { text in
            slots.withUnsafeBufferPointer { slots in
                for index in 0...(text.count - Self.keyLength) {
                    let slot = slots[Self.slot(text[index], text[index + 1], text[index + 2], text[index + 3])]
                    if slot.isEmpty { continue }
                    for number in members[slot] where found[number].count < Self.mostPlaces {
                        let anchor = anchors[number]
                        var length = 0
                        while length < anchor.count, index + length < text.count, text[index + length] == anchor[length]
                        {
                            length += 1
                        }
                        if length == anchor.count
                            || length > 0 && anchor[length - 1] == Fragment.blank
                                && Fragment.end(of: anchor, at: index, before: text.count, in: text) != nil
                        {
                            found[number].append(index)
                        }
                    }
                }
            }
        }
        return found
    }

    /// The number of a pattern's anchor in what ``places(in:)`` returns.
    func number(of pattern: FailurePattern) -> Int? { pattern.anchor.flatMap { numbers[$0] } }

    @inline(__always)
    private static func slot(_ first: UInt8, _ second: UInt8, _ third: UInt8, _ fourth: UInt8) -> Int {
        let key = UInt32(first) | UInt32(second) << 8 | UInt32(third) << 16 | UInt32(fourth) << 24
        return Int((key &* 2_654_435_761) >> 16)
    }
}
