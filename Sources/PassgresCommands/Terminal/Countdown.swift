import FoundationEssentials

/// Shows on a terminal's last line how long a code is still good; nothing where nobody looks.
actor Countdown {
    private var task: Task<Void, Never>?
    private let isStyled = Terminal.standardError.isStyled
    private let isWanted: Bool

    /// Stays silent where silence was asked for.
    init(quiet: Bool) { isWanted = !quiet && Terminal.standardError.isInteractive }

    /// Begins to count; says it once where nothing may move.
    func start(until end: Date) {
        guard isWanted else { return }
        guard isStyled else {
            return Terminal.standardError.write(Self.line(until: end).map { "\($0)\n" } ?? "")
        }
        task = Task {
            while !Task.isCancelled, let line = Self.line(until: end) {
                Terminal.standardError.write(exactly: "\r\u{1b}[K\(line)")
                try? await Task.sleep(for: .seconds(1))
            }
        }
    }

    /// Ends the count and clears the line.
    func stop() {
        guard let task else { return }
        task.cancel()
        Terminal.standardError.write(exactly: "\r\u{1b}[K")
    }

    private static func line(until end: Date) -> String? {
        let left = Int(end.timeIntervalSince(Date.now).rounded(.up))
        let seconds = left % 60
        return left > 0 ? "waiting for you, \(left / 60):\(seconds < 10 ? "0" : "")\(seconds) left …" : nil
    }
}
