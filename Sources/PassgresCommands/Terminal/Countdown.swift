import FoundationEssentials

/// Shows on a terminal's last line how long a code is still good; nothing where nobody looks.
actor Countdown {
    private var task: Task<Void, Never>?

    /// Begins to count.
    func start(until end: Date) {
        guard Terminal.standardError.isInteractive else { return }
        task = Task {
            while !Task.isCancelled {
                let left = Int(end.timeIntervalSince(Date.now).rounded(.up))
                guard left > 0 else { return }
                let seconds = left % 60
                Terminal.standardError.write(
                    "\r\u{1b}[Kwaiting for you, \(left / 60):\(seconds < 10 ? "0" : "")\(seconds) left …")
                try? await Task.sleep(for: .seconds(1))
            }
        }
    }

    /// Ends the count and clears the line.
    func stop() {
        guard let task else { return }
        task.cancel()
        Terminal.standardError.write("\r\u{1b}[K")
    }
}
