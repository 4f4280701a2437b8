import FoundationEssentials
import TokenCredentials

/// A point in time, in any of the forms in which identity endpoints write one.
///
/// Seconds since 1970 as number or text; `2026-06-20 02:57:58`, with `T`, fraction, `Z` or offset;
/// `06/20/2026 02:57:58` and `6/20/2026 2:57:58 AM`, with or without offset. Without an offset it is UTC.
enum ExpiryText {
    /// A number below this, the year 2001, cannot be a date of today and counts seconds from now.
    private static let leastDate = 978_307_200.0

    /// The time that a JSON value means; `nil` if it means none.
    static func date(_ value: JSONValue, now: Date) -> Date? {
        switch value {
        case .number(let seconds): return date(seconds: seconds, now: now)
        case .string(let text):
            let text = text.trimmed
            return seconds(text).map { date(seconds: $0, now: now) } ?? calendarDate(text)
        default: return nil
        }
    }

    /// A count of seconds, as number or text; `nil` if the value is none.
    static func seconds(_ value: JSONValue) -> Double? {
        switch value {
        case .number(let seconds): seconds.isFinite ? seconds : nil
        case .string(let text): seconds(text.trimmed)
        default: nil
        }
    }

    private static func date(seconds: Double, now: Date) -> Date? {
        guard abs(seconds) < 1e15 else { return nil }
        return (0..<leastDate).contains(seconds)
            ? now.addingTimeInterval(seconds) : Date(timeIntervalSince1970: seconds)
    }

    private static func seconds(_ text: String) -> Double? {
        let isNumber = text.utf8.allSatisfy { $0.isDigit || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "-") }
        guard isNumber, text.utf8.count <= 32, let seconds = Double(text), seconds.isFinite else { return nil }
        return seconds
    }

    private static func calendarDate(_ text: String) -> Date? {
        var scan = Scan(text)
        guard let first = scan.number(1...4) else { return nil }
        let year: Int, month: Int, day: Int
        if scan.take("-") {
            guard let second = scan.number(2...2), scan.take("-"), let third = scan.number(2...2),
                scan.take("T") || scan.take("t") || scan.take(" ")
            else { return nil }
            (year, month, day) = (first, second, third)
        } else {
            guard scan.take("/"), let second = scan.number(1...2), scan.take("/"), let third = scan.number(4...4),
                scan.take(" ")
            else { return nil }
            (year, month, day) = (third, first, second)
        }
        guard var hour = scan.number(1...2), scan.take(":"), let minute = scan.number(2...2), scan.take(":"),
            let second = scan.number(2...2), let fraction = scan.fraction()
        else { return nil }
        _ = scan.take(" ")
        if let afternoon = scan.half() {
            guard (1...12).contains(hour) else { return nil }
            hour = hour % 12 + (afternoon ? 12 : 0)
            _ = scan.take(" ")
        }
        guard let offset = scan.offset(), scan.isAtEnd,
            let time = CivilTime(
                year: year, month: month, day: day, hour: hour, minute: minute, second: Double(second) + fraction)
        else { return nil }
        return time.date.addingTimeInterval(-offset)
    }

    /// What is left of a text.
    private struct Scan {
        private var rest: ArraySlice<UInt8>

        init(_ text: String) { rest = Array(text.utf8.prefix(64))[...] }

        var isAtEnd: Bool { rest.isEmpty }

        mutating func take(_ character: Unicode.Scalar) -> Bool {
            guard let first = rest.first, UInt32(first) == character.value else { return false }
            rest.removeFirst()
            return true
        }

        mutating func number(_ lengths: ClosedRange<Int>) -> Int? {
            let digits = rest.prefix { $0.isDigit }
            guard lengths.contains(digits.count) else { return nil }
            rest = rest.dropFirst(digits.count)
            return Int(String(decoding: digits, as: UTF8.self))
        }

        /// The part after a point as a fraction of one; zero where there is no point.
        mutating func fraction() -> Double? {
            guard take(".") else { return 0 }
            let digits = rest.prefix { $0.isDigit }
            rest = rest.dropFirst(digits.count)
            return Double("0." + String(decoding: digits, as: UTF8.self))
        }

        /// Whether `PM` stands here and not `AM`; `nil` if neither does.
        mutating func half() -> Bool? {
            let word = String(decoding: rest.prefix(2), as: UTF8.self).uppercased()
            guard word == "AM" || word == "PM" else { return nil }
            rest = rest.dropFirst(2)
            return word == "PM"
        }

        /// Seconds east of Greenwich; zero at the end of the text.
        mutating func offset() -> Double? {
            if isAtEnd || take("Z") || take("z") { return 0 }
            let isWest = take("-")
            guard isWest || take("+"), let first = number(2...4) else { return nil }
            let (hours, minutes): (Int, Int)
            if first > 99 || rest.isEmpty {
                (hours, minutes) = first > 99 ? (first / 100, first % 100) : (first, 0)
            } else {
                guard take(":"), let second = number(2...2) else { return nil }
                (hours, minutes) = (first, second)
            }
            guard hours <= 14, minutes <= 59 else { return nil }
            return Double(hours * 3600 + minutes * 60) * (isWest ? -1 : 1)
        }
    }
}
