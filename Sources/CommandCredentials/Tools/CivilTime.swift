package import FoundationEssentials

/// A date and time of day as a calendar and a clock on the wall show it, without a zone.
package struct CivilTime: Hashable, Sendable {
    let year: Int
    let month: Int
    let day: Int
    let hour: Int
    let minute: Int
    let second: Int
    let fraction: Double

    /// Reads `YYYY-MM-DD HH:MM:SS` with a blank or a `T` and perhaps a fraction, and returns what follows it too.
    static func reading(_ text: Substring) -> (time: CivilTime, rest: Substring)? {
        var rest = text
        func number(_ digits: Int) -> Int? {
            let part = rest.prefix(digits)
            guard part.utf8.count == digits, part.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
            rest = rest.dropFirst(digits)
            return Int(part)
        }
        func sign(_ signs: String) -> Bool {
            guard let first = rest.first, signs.contains(first) else { return false }
            rest = rest.dropFirst()
            return true
        }
        guard let year = number(4), sign("-"), let month = number(2), sign("-"), let day = number(2), sign("Tt "),
            let hour = number(2), sign(":"), let minute = number(2), sign(":"), let second = number(2),
            (1...12).contains(month), (1...31).contains(day), hour < 24, minute < 60, second <= 60
        else { return nil }
        var fraction = 0.0
        if sign(".") {
            let digits = rest.prefix { $0.isASCII && $0.isNumber }
            guard !digits.isEmpty, let value = Double("0.\(digits)") else { return nil }
            fraction = value
            rest = rest.dropFirst(digits.count)
        }
        let time = CivilTime(
            year: year, month: month, day: day, hour: hour, minute: minute, second: second, fraction: fraction)
        return (time, rest)
    }

    /// The instant at which clocks in UTC show this.
    var inUTC: Date {
        // Days since 1970 by the Gregorian calendar, counted in years that begin in March.
        let shifted = month <= 2 ? year - 1 : year
        let era = shifted >= 0 ? shifted / 400 : (shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        let days = era * 146_097 + dayOfEra - 719_468
        let seconds = days * 86_400 + hour * 3600 + minute * 60 + second
        return Date(timeIntervalSince1970: Double(seconds) + fraction)
    }
}

/// A time with its zone, as RFC 3339 writes it.
package enum ZonedTime {
    /// Reads a time that ends in `Z` or in an offset such as `+01:00`; `nil` for any other text.
    package static func instant(_ text: String) -> Date? {
        guard let (time, zone) = CivilTime.reading(text[...]) else { return nil }
        if zone == "Z" || zone == "z" { return time.inUTC }
        let parts = zone.dropFirst().split(separator: ":", omittingEmptySubsequences: false)
        guard let sign = zone.first, sign == "+" || sign == "-", zone.utf8.count == 6, parts.count == 2,
            let hours = UInt8(parts[0]), let minutes = UInt8(parts[1]), hours < 24, minutes < 60
        else { return nil }
        let offset = Double(hours) * 3600 + Double(minutes) * 60
        return time.inUTC.addingTimeInterval(sign == "+" ? -offset : offset)
    }
}
