import CredentialHTTP
import FoundationEssentials
import TokenCredentials

/// How long a service asks to be left alone.
enum RetryAfter {
    /// What the headers say, up to an hour; half a minute if they say nothing.
    static func delay(in response: HTTPResponse, now: Date) -> Duration {
        let longest: Double = 3600
        for name in ["retry-after-ms", "x-ms-retry-after-ms"] {
            if let value = response.header(name).flatMap({ Double($0.trimmed) }), value >= 0 {
                return .seconds(min(longest, value / 1000))
            }
        }
        guard let value = response.header("retry-after")?.trimmed else { return .seconds(30) }
        if let seconds = Double(value), seconds >= 0 { return .seconds(min(longest, seconds)) }
        if let date = date(value) { return .seconds(min(longest, max(0, date.timeIntervalSince(now)))) }
        return .seconds(30)
    }

    /// A date as HTTP writes it today (RFC 9110, section 5.6.7): `Sun, 06 Nov 1994 08:49:37 GMT`.
    static func date(_ text: String) -> Date? {
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        let parts = text.split(separator: " ")
        guard parts.count == 6, parts[5] == "GMT", let day = Int(parts[1]), (1...31).contains(day),
            let month = months.firstIndex(where: { $0 == parts[2] }), let year = Int(parts[3]),
            (1970...9999).contains(year)
        else { return nil }
        let time = parts[4].split(separator: ":").compactMap { Int($0) }
        guard time.count == 3, (0..<24).contains(time[0]), (0..<60).contains(time[1]), (0...60).contains(time[2])
        else { return nil }
        // Years are counted from March, so that the leap day is the last of its year.
        let years = month < 2 ? year - 1 : year
        let leapDays = years / 4 - years / 100 + years / 400
        let dayOfYear = (153 * ((month + 10) % 12) + 2) / 5 + day - 1
        let days = years * 365 + leapDays + dayOfYear - 719_468
        return Date(timeIntervalSince1970: Double(days * 86_400 + time[0] * 3600 + time[1] * 60 + time[2]))
    }
}
