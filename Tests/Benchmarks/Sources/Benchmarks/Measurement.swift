/// How long something takes, beside something else that does the same job, measured in turns in one run.
struct Measurement {
    let name: String
    let peer: String
    /// How many times the peer's time ours may take.
    let limit: Double
    /// In nanoseconds for one turn, the best of several rounds.
    private(set) var ours = Double.infinity
    private(set) var theirs = Double.infinity

    private static let rounds = 15

    init(
        _ name: String, turns: Int, limit: Double, against peer: String, ours body: () async throws -> Void,
        peer other: () async throws -> Void
    ) async rethrows {
        (self.name, self.peer, self.limit) = (name, peer, limit)
        for _ in 0..<Self.rounds {
            ours = min(ours, try await Self.time(turns, body))
            theirs = min(theirs, try await Self.time(turns, other))
        }
    }

    var ratio: Double { ours / theirs }
    var isWithinLimit: Bool { ratio <= limit }

    var line: String {
        "\(pad(name, 44))\(pad("\(Int(ours)) ns", 12))\(pad(peer, 42))\(pad("\(Int(theirs)) ns", 12))"
            + "× \(rounded(ratio)) (at most \(limit))" + (isWithinLimit ? "" : "  TOO MUCH")
    }

    private static func time(_ turns: Int, _ body: () async throws -> Void) async rethrows -> Double {
        let start = ContinuousClock.now
        for _ in 0..<turns { try await body() }
        let time = (ContinuousClock.now - start).components
        return (Double(time.seconds) * 1e9 + Double(time.attoseconds) / 1e9) / Double(turns)
    }
}

func pad(_ text: String, _ width: Int) -> String { text + String(repeating: " ", count: max(1, width - text.count)) }
func rounded(_ value: Double) -> Double { (value * 100).rounded() / 100 }
