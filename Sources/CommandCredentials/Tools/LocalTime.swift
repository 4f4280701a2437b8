package import FoundationEssentials
import Glibc

/// A time of day without a zone, as clocks in this process's zone (`TZ`, or the machine's) show it.
package enum LocalTime {
    /// The variable that names this process's zone, as it is; `nil` where the machine's zone applies.
    package static var zone: String? { getenv("TZ").map { String(cString: $0) } }

    /// Reads `YYYY-MM-DD HH:MM:SS`, perhaps with a fraction; `nil` for any other text.
    ///
    /// Of the two instants of an hour that clocks show twice, the earlier is meant, so that nobody takes a token for
    /// good that has ended. For an hour that clocks leave out it is the earlier of the two guesses.
    package static func instant(_ text: String) -> Date? {
        guard let (time, rest) = CivilTime.reading(text[...]), rest.isEmpty else { return nil }
        let guesses = [Int32(1), 0, -1].compactMap { seconds(of: time, summer: $0) }
        // Not every repeated hour is one of summer and winter time: zones change their offset for other reasons too.
        let shifts = [0, 1800, 3600, 7200]
        let candidates = guesses.flatMap { guess in shifts.map { guess - $0 } }.filter { shows(time, at: $0) }
        guard let earliest = candidates.min() ?? guesses.min() else { return nil }
        return Date(timeIntervalSince1970: Double(earliest) + time.fraction)
    }

    /// Writes an instant as `YYYY-MM-DD HH:MM:SS`; empty for one that no clock shows.
    package static func text(of instant: Date) -> String {
        guard var seconds = time_t(exactly: instant.timeIntervalSince1970.rounded(.down)) else { return "" }
        var fields = tm()
        guard localtime_r(&seconds, &fields) != nil else { return "" }
        var text = [CChar](repeating: 0, count: 64)
        let length = strftime(&text, text.count, "%Y-%m-%d %H:%M:%S", &fields)
        return String(decoding: text[..<length].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    private static func seconds(of time: CivilTime, summer: Int32) -> time_t? {
        var fields = tm()
        fields.tm_year = Int32(time.year - 1900)
        fields.tm_mon = Int32(time.month - 1)
        fields.tm_mday = Int32(time.day)
        fields.tm_hour = Int32(time.hour)
        fields.tm_min = Int32(time.minute)
        fields.tm_sec = Int32(time.second)
        fields.tm_isdst = summer
        // The weekday is written on success only: -1 alone is also a second before 1970.
        fields.tm_wday = -1
        let seconds = mktime(&fields)
        return fields.tm_wday == -1 ? nil : seconds
    }

    private static func shows(_ time: CivilTime, at seconds: time_t) -> Bool {
        var (seconds, fields) = (seconds, tm())
        guard localtime_r(&seconds, &fields) != nil else { return false }
        return Int(fields.tm_year) + 1900 == time.year && Int(fields.tm_mon) + 1 == time.month
            && Int(fields.tm_mday) == time.day && Int(fields.tm_hour) == time.hour
            && Int(fields.tm_min) == time.minute && Int(fields.tm_sec) == time.second
    }
}
