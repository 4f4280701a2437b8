/// Finds the name somebody probably meant.
package enum NearestName {
    /// The candidate that differs least from the text, if it differs in no more than a third of its letters.
    package static func of(_ text: String, among candidates: [String]) -> String? {
        guard text.count <= 64 else { return nil }
        let scored = candidates.map { (name: $0, distance: distance(Array(text.utf8), Array($0.utf8))) }
        guard let best = scored.min(by: { $0.distance < $1.distance }),
            best.distance * 3 <= max(text.utf8.count, best.name.utf8.count)
        else { return nil }
        return best.name
    }

    /// How many single-letter changes lie between two texts.
    private static func distance(_ from: [UInt8], _ to: [UInt8]) -> Int {
        var previous = Array(0...to.count)
        for (row, letter) in from.enumerated() {
            var current = [row + 1]
            for (column, other) in to.enumerated() {
                current.append(
                    min(previous[column + 1] + 1, current[column] + 1, previous[column] + (letter == other ? 0 : 1)))
            }
            previous = current
        }
        return previous[to.count]
    }
}
