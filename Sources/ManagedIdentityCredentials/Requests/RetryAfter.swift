import CredentialHTTP
import FoundationEssentials
import TokenCredentials

/// The wait that a server asks for.
enum RetryAfter {
    /// Reads the two headers in milliseconds that Azure has, then the standard one in seconds or as a date.
    static func duration(in response: HTTPResponse, now: Date) -> Duration? {
        for name in ["retry-after-ms", "x-ms-retry-after-ms"] {
            if let value = number(response.header(name)) { return .milliseconds(value) }
        }
        guard let text = response.header("Retry-After") else { return nil }
        if let seconds = number(text) { return .seconds(seconds) }
        return date(text.trimmed).map { .seconds(max(0, $0.timeIntervalSince(now).rounded(.up))) }
    }

    private static func number(_ text: String?) -> Int64? {
        guard let text = text?.trimmed, (1...9).contains(text.utf8.count), text.utf8.allSatisfy(\.isDigit) else {
            return nil
        }
        return Int64(text)
    }

    /// A date as HTTP writes it (RFC 9110, section 5.6.7), such as `Sun, 06 Nov 1994 08:49:37 GMT`.
    private static func date(_ text: String) -> Date? {
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        let parts = text.split(separator: " ")
        guard parts.count == 6, parts[5] == "GMT", let day = Int(parts[1]), let year = Int(parts[3]),
            let month = months.firstIndex(of: String(parts[2]))
        else { return nil }
        let time = parts[4].split(separator: ":").compactMap { Int($0) }
        guard time.count == 3 else { return nil }
        return CivilTime(
            year: year, month: month + 1, day: day, hour: time[0], minute: time[1], second: Double(time[2]))?.date
    }
}
