import CredentialHTTP
import FoundationEssentials
import KnownFailures
import TokenCredentials

/// Compares this machine's clock with the one of the identity service, by the date of any reply.
struct ClockCheck {
    let http: any HTTPTransport
    let authority: Authority
    let now: @Sendable () -> Date
    /// How far two clocks may be apart, in seconds.
    private static let tolerance = 120.0

    func findings() async -> [CheckFinding] {
        let request = HTTPRequest(
            .get, authority.url + "/common/.well-known/openid-configuration", connectTimeout: .seconds(2),
            timeout: .seconds(2))
        let response: HTTPResponse
        do throws(HTTPTransportError) {
            response = try await http.send(request)
        } catch {
            return [.skip(.clock, "\(authority.host) does not answer, so the clock cannot be compared")]
        }
        guard let date = response.header("Date").flatMap(Self.date) else {
            return [.skip(.clock, "\(authority.host) does not say what time it is")]
        }
        let difference = now().timeIntervalSince(date)
        guard abs(difference) > Self.tolerance else {
            return [.ok(.clock, "the clock agrees with \(authority.host) to \(Int(abs(difference).rounded(.up))) s")]
        }
        let direction = difference > 0 ? "ahead of" : "behind"
        return [.fail(.clock, "N15", "the clock is \(Int(abs(difference))) s \(direction) that of \(authority.host)")]
    }

    /// Reads `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110, section 5.6.7).
    static func date(_ text: String) -> Date? {
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        let words = text.split(whereSeparator: { $0 == " " || $0 == "," || $0 == ":" })
        guard words.count == 8, let day = Int(words[1]), let month = months.firstIndex(of: String(words[2])),
            let year = Int(words[3]), let hour = Int(words[4]), let minute = Int(words[5]), let second = Int(words[6]),
            (1970...9999).contains(year), (1...31).contains(day)
        else { return nil }
        var calendar = Calendar(identifier: .gregorian)
        guard let zone = TimeZone(secondsFromGMT: 0) else { return nil }
        calendar.timeZone = zone
        return calendar.date(
            from: DateComponents(year: year, month: month + 1, day: day, hour: hour, minute: minute, second: second))
    }
}
