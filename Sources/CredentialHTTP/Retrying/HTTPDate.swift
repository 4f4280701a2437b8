import FoundationEssentials

/// A point in time as HTTP headers write it, in any of the three forms of RFC 9110, 5.6.7.
enum HTTPDate {
    private static let months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]

    /// Reads a date.
    ///
    /// `now` decides the century of the oldest form, which leaves it out. `nil` if the text is no date.
    static func date(_ text: String, now: Date) -> Date? {
        let words = text.lowercased().split { $0 == " " || $0 == "," || $0 == "-" }.map(String.init)
        let parts: (day: String, month: String, year: String, time: String)
        if words.count == 6, words[5] == "gmt" {
            // Sun, 06 Nov 1994 08:49:37 GMT, or Sunday, 06-Nov-94 08:49:37 GMT
            parts = (words[1], words[2], words[3], words[4])
        } else if words.count == 5 {
            // Sun Nov  6 08:49:37 1994
            parts = (words[2], words[1], words[4], words[3])
        } else {
            return nil
        }
        let time = parts.time.split(separator: ":", omittingEmptySubsequences: false).compactMap { number(String($0)) }
        guard let day = number(parts.day), let month = months.firstIndex(of: parts.month).map({ $0 + 1 }),
            var year = number(parts.year), time.count == 3, (1...31).contains(day), time[0] < 24, time[1] < 60,
            time[2] <= 60
        else { return nil }
        if parts.year.utf8.count == 2 {
            // More than fifty years ahead is meant as the past.
            let current = 1970 + Int(now.timeIntervalSince1970 / 31_556_952)
            year += current - current % 100
            if year > current + 50 { year -= 100 }
        }
        let seconds = days(toYear: year, month: month, day: day) * 86_400 + time[0] * 3600 + time[1] * 60 + time[2]
        return Date(timeIntervalSince1970: Double(seconds))
    }

    private static func number(_ text: String) -> Int? {
        guard (1...4).contains(text.utf8.count), text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            return nil
        }
        return Int(text)
    }

    /// Days since 1 January 1970 in the Gregorian calendar, with years that begin in March.
    private static func days(toYear year: Int, month: Int, day: Int) -> Int {
        let shifted = month <= 2 ? year - 1 : year
        let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
        return shifted * 365 + shifted / 4 - shifted / 100 + shifted / 400 + dayOfYear - 719_468
    }
}
