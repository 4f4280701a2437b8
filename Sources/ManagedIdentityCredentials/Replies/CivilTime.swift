import FoundationEssentials

/// A date and a time of day by the Gregorian calendar in UTC.
struct CivilTime {
    let date: Date

    /// Takes the parts; `nil` if there is no such day or time.
    init?(year: Int, month: Int, day: Int, hour: Int, minute: Int, second: Double) {
        guard (1970...9999).contains(year), (1...12).contains(month), (0...23).contains(hour),
            (0...59).contains(minute), (0..<61).contains(second)
        else { return nil }
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        let lengths = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        guard (1...lengths[month - 1]).contains(day) else { return nil }
        let earlier = year - 1
        let leapDays = earlier / 4 - earlier / 100 + earlier / 400 - 477
        let days = (year - 1970) * 365 + leapDays + lengths[..<(month - 1)].reduce(0, +) + day - 1
        date = Date(timeIntervalSince1970: Double(days * 86_400 + hour * 3600 + minute * 60) + second)
    }
}
