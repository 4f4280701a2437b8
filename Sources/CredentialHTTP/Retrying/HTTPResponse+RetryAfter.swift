public import FoundationEssentials

extension HTTPResponse {
    /// How long the server asks to be left alone; `nil` if it does not say or does not say it well.
    ///
    /// Read from `retry-after-ms` and `x-ms-retry-after-ms` (milliseconds), then `Retry-After` (seconds or a date, which
    /// counts from `now`). Never below zero, and never above a year.
    public func retryAfter(now: Date) -> Duration? {
        for name in ["retry-after-ms", "x-ms-retry-after-ms"] {
            if let milliseconds = header(name).flatMap({ Self.count($0, limit: 31_536_000_000) }) {
                return .milliseconds(milliseconds)
            }
        }
        guard let value = header("Retry-After") else { return nil }
        if let seconds = Self.count(value, limit: 31_536_000) { return .seconds(seconds) }
        guard let date = HTTPDate.date(value, now: now) else { return nil }
        return .seconds(min(31_536_000, max(0, date.timeIntervalSince(now).rounded(.up))))
    }

    private static func count(_ text: String, limit: Int) -> Int? {
        guard !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return min(limit, Int(text) ?? limit)
    }
}
