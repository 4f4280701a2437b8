import CredentialHTTP
import FoundationEssentials
import Testing

@Suite struct `The time a server asks to be left alone` {
    // Sun, 06 Nov 1994 08:49:00 GMT
    let now = Date(timeIntervalSince1970: 784_111_740)

    @Test(
        arguments: [
            ([], nil), ([("Retry-After", "0")], 0), ([("Retry-After", "120")], 120_000),
            ([("retry-after-ms", "250"), ("Retry-After", "9")], 250), ([("x-ms-retry-after-ms", "70")], 70),
            ([("x-ms-retry-after-ms", "70"), ("Retry-After-MS", "60")], 60),
            ([("retry-after-ms", "x"), ("Retry-After", "3")], 3000),
            ([("Retry-After", "-1")], nil), ([("Retry-After", "1.5")], nil), ([("Retry-After", "soon")], nil),
            ([("Retry-After", "")], nil), ([("Retry-After", "99999999999999999999")], 31_536_000_000),
            ([("Retry-After", "Sun, 06 Nov 1994 08:49:37 GMT")], 37_000),
            ([("Retry-After", "Sunday, 06-Nov-94 08:49:37 GMT")], 37_000),
            ([("Retry-After", "Sun Nov  6 08:49:37 1994")], 37_000),
            ([("Retry-After", "Mon, 07 Nov 1994 08:49:00 GMT")], 86_400_000),
            ([("Retry-After", "Sun, 06 Nov 1994 08:48:00 GMT")], 0),
            ([("Retry-After", "Sun, 06 Foo 1994 08:49:37 GMT")], nil),
            ([("Retry-After", "Sun, 06 Nov 1994 24:49:37 GMT")], nil),
            ([("Retry-After", "Sun, 06 Nov 1994 08:49:37 CET")], nil),
            ([("Retry-After", "Sun, 32 Nov 1994 08:49:37 GMT")], nil),
            ([("Retry-After", "Sun, 06 Nov 1994 08:49 GMT")], nil),
        ] as [([(name: String, value: String)], Int?)])
    func `is read from what it says`(headers: [(name: String, value: String)], milliseconds: Int?) {
        let response = HTTPResponse(status: 429, headers: headers)
        #expect(response.retryAfter(now: now) == milliseconds.map { .milliseconds($0) })
    }

    @Test func `counts leap days`() {
        let eve = Date(timeIntervalSince1970: 1_709_164_799)  // 28 February 2024, 23:59:59
        let response = HTTPResponse(status: 503, headers: [("Retry-After", "Fri, 01 Mar 2024 00:00:00 GMT")])
        #expect(response.retryAfter(now: eve) == .seconds(86_401))
    }
}
