import CredentialHTTP
import CredentialTesting
import FoundationEssentials
import Testing
import TokenCredentials

@testable import ManagedIdentityCredentials

@Suite struct `A date of expiry` {
    static let now = Date(timeIntervalSince1970: 1_506_484_000)
    static let texts: [(String, Double?)] = [
        ("1506484173", 1_506_484_173), ("1506484173.0", 1_506_484_173), (" 1506484173 ", 1_506_484_173),
        ("3599", 1_506_487_599), ("0", 1_506_484_000), ("-1", -1), ("253402300799", 253_402_300_799),
        ("06/20/2019 02:57:58 +00:00", 1_560_999_478), ("1/16/2020 5:24:12 AM +00:00", 1_579_152_252),
        ("1/16/2020 5:24:12 PM +00:00", 1_579_195_452), ("1/16/2020 12:24:12 AM +00:00", 1_579_134_252),
        ("1/16/2020 12:24:12 PM", 1_579_177_452), ("06/20/2019 02:57:58", 1_560_999_478),
        ("06/20/2019 04:57:58 +02:00", 1_560_999_478), ("2019-06-20 02:57:58", 1_560_999_478),
        ("2019-06-20T02:57:58Z", 1_560_999_478), ("2019-06-20T02:57:58.5Z", 1_560_999_478.5),
        ("2019-06-20T02:57:58.1234567+00:00", 1_560_999_478.1234567), ("2019-06-19T21:57:58-05:00", 1_560_999_478),
        ("2019-06-20T08:27:58+0530", 1_560_999_478), ("2019-06-20T04:57:58+02", 1_560_999_478),
        ("2021-10-31 02:30:00.000000", 1_635_647_400), ("2024-02-29 00:00:00", 1_709_164_800),
        ("2000-03-01 00:00:00", 951_868_800), ("9999-12-31 23:59:59", 253_402_300_799),
        ("2023-02-29 00:00:00", nil), ("13/20/2019 02:57:58", nil), ("06/20/2019 25:00:00", nil),
        ("06/20/2019 13:00:00 AM", nil), ("06/20/2019", nil), ("2019-06-20", nil), ("2019-06-20T02:57:58Q", nil),
        ("2019-06-20T02:57:58+99:00", nil), ("tomorrow", nil), ("nan", nil), ("inf", nil), ("1e9", nil), ("0x1", nil),
        ("--5", nil), (".", nil), ("", nil), ("1506484173 seconds", nil), ("99999999999999999999", nil),
    ]

    @Test(arguments: texts) func `is read in every form the hosts write`(_ text: String, _ expected: Double?) throws {
        let date = ExpiryText.date(.string(text), now: Self.now)?.timeIntervalSince1970
        guard let expected else {
            #expect(date == nil)
            return
        }
        #expect(abs(try #require(date) - expected) < 0.001)
    }

    @Test func `is read from a number`() {
        #expect(ExpiryText.date(.number(1_506_484_173), now: Self.now)?.timeIntervalSince1970 == 1_506_484_173)
        #expect(ExpiryText.date(.number(60), now: Self.now) == Self.now.addingTimeInterval(60))
        #expect(ExpiryText.date(.bool(true), now: Self.now) == nil)
        #expect(ExpiryText.date(.number(1e300), now: Self.now) == nil)
    }

    @Test func `survives every prefix and every changed byte`() {
        for (text, _) in Self.texts {
            let bytes = Array(text.utf8)
            for index in bytes.indices {
                _ = ExpiryText.date(.string(String(decoding: bytes[..<index], as: UTF8.self)), now: Self.now)
                for byte: UInt8 in [0, 32, 45, 46, 47, 57, 58, 65, 255] {
                    var changed = bytes
                    changed[index] = byte
                    _ = ExpiryText.date(.string(String(decoding: changed, as: UTF8.self)), now: Self.now)
                }
            }
        }
    }
}

@Suite struct `A reply with a token` {
    static let now = World.start
    /// Claims `{"exp":1700001800}`.
    static let token = "e30.eyJleHAiOjE3MDAwMDE4MDB9.sig"

    static let ends: [(String, Double)] = [
        (#""expires_on":"1700001200""#, 1200), (#""expires_on":1700001200"#, 1200),
        (#""expires_on":1700001200.0"#, 1200), (#""expires_on":"1700001200","expires_in":"60""#, 1200),
        (#""expires_on":"11/14/2023 22:33:20 +00:00""#, 1200), (#""expires_on":"11/14/2023 10:33:20 PM +00:00""#, 1200),
        (#""expires_on":"2023-11-14T22:33:20Z""#, 1200), (#""expires_on":1199"#, 1199),
        (#""expires_in":"1199""#, 1199), (#""expires_in":1199"#, 1199), (#""expires_in":"1799""#, 1799),
        // The token itself ends before that.
        (#""expires_on":"1700086400""#, 1800), (#""expires_in":"86399""#, 1800),
        (#""expires_on":"2023-11-14T23:13:20Z","expires_in":"86399""#, 1800),
        (#""expires_on":null,"expires_in":"60""#, 60), (#""expires_on":"","expires_in":"60""#, 60),
        (#""token_type":"bearer""#, 1800), (#""expires_on":null"#, 1800),
    ]

    @Test(arguments: ends) func `ends when it says, in any shape`(_ members: String, _ life: Double) throws {
        let body = #"{"access_token":"\#(Self.token)",\#(members)}"#
        let token = try IdentityReply(Array(body.utf8)).token(now: Self.now)
        #expect(token.secret == Self.token)
        #expect(token.expiresAt == Self.now.addingTimeInterval(life))
        #expect(token.refreshAt == nil)
    }

    @Test(
        arguments: [
            (#""refresh_in":"1800""#, 1800.0), (#""refresh_in":1800"#, 1800), (#""refresh_on":1700000900"#, 900),
            (#""refresh_on":"1700000900","refresh_in":"1""#, 900), (#""refresh_in":"soon""#, nil),
            (#""refresh_in":0"#, nil), (#""refresh_in":"0""#, nil), (#""refresh_on":"1700000000""#, nil),
            (#""refresh_on":1699999999"#, nil), (#""refresh_on":1699999999,"refresh_in":600"#, 600),
            (#""refresh_on":"1700003600""#, nil), (#""refresh_in":86400"#, nil),
            (#""refresh_in":-5"#, nil), (#""refresh_on":"soon","refresh_in":60"#, 60),
        ] as [(String, Double?)])
    func `says when it would rather be asked again`(_ members: String, _ expected: Double?) throws {
        let body = #"{"access_token":"a","expires_on":"1700003600",\#(members)}"#
        let token = try IdentityReply(Array(body.utf8)).token(now: Self.now)
        #expect(token.refreshAt == expected.map { Self.now.addingTimeInterval($0) })
    }

    static let flaws: [(String, String)] = [
        ("", "answered with nothing at all"),
        (" \n", "answered with nothing at all"),
        ("<html>…", "answered with a web page and not with JSON"),
        ("token", "answered with something and not with JSON"),
        ("[]", "answered with something and not with JSON"),
        ("\u{0}{}", "answered with something and not with JSON"),
        (#"{"access_token":"abc""#, "answered with something and not with JSON"),
        ("{}", "answered without an access token"),
        (#"{"access_token":""}"#, "answered without an access token"),
        (#"{"access_token":7}"#, "answered without an access token"),
        (#"{"access_token":"abc\ndef","expires_in":60}"#, "a line break or another foreign character"),
        (#"{"access_token":"abc def","expires_in":60}"#, "a line break or another foreign character"),
        (#"{"access_token":"abc\u0000","expires_in":60}"#, "a line break or another foreign character"),
        (#"{"access_token":"abc","expires_in":60,"token_type":"pop"}"#, "no bearer token"),
        (#"{"access_token":"abc"}"#, "did not say when its token ends"),
        (#"{"access_token":"abc","expires_on":"1699999999"}"#, "a stale date"),
        (#"{"access_token":"abc","expires_on":"1700000000"}"#, "a stale date"),
        (#"{"access_token":"abc","expires_on":"06/20/2019 02:57:58 +00:00"}"#, "a stale date"),
        (#"{"access_token":"abc","expires_on":-1}"#, "a stale date"),
        (#"{"access_token":"abc","expires_in":"-60"}"#, "a stale date"),
        (#"{"access_token":"abc","expires_in":0}"#, "a stale date"),
        (#"{"access_token":"e30.eyJleHAiOjF9.s"}"#, "a stale date"),
        (#"{"access_token":"e30.eyJleHAiOjF9.s","expires_in":3600}"#, "a stale date"),
        (#"{"access_token":"abc","expires_in":0.0000001}"#, "a stale date"),
        (#"{"access_token":"abc","expires_in":"0.9"}"#, "a stale date"),
        (#"{"access_token":"abc","expires_on":"253402300799"}"#, "more than 48 hours away"),
        (#"{"access_token":"abc","expires_on":"9999-12-31T23:59:59Z"}"#, "more than 48 hours away"),
        (#"{"access_token":"abc","expires_in":172801}"#, "more than 48 hours away"),
        (#"{"access_token":"abc","expires_on":"tomorrow"}"#, "(expires_on) that cannot be read"),
        (#"{"access_token":"abc","expires_in":"an hour"}"#, "(expires_in) that cannot be read"),
        (#"{"access_token":"abc","expires_on":true}"#, "(expires_on) that cannot be read"),
    ]

    @Test(arguments: flaws) func `is diagnosed in one sentence otherwise`(_ body: String, _ expected: String) async {
        #expect {
            try IdentityReply(Array(body.utf8)).token(now: Self.now)
        } throws: { error in
            (error as? IdentityReply.Flaw)?.problem.contains(expected) == true
        }
        let environment: ProcessEnvironment = [
            "IDENTITY_ENDPOINT": "http://127.0.0.1:9/t", "IDENTITY_HEADER": World.secret,
        ]
        let http = StubTransport(.success(.text(body)))
        let outcome = await World.credential(nil, environment, http: http).outcome()
        #expect(outcome.word == "failed")
        #expect(outcome.diagnosis?.problem.contains(expected) == true)
        #expect(outcome.diagnosis?.problem.contains("\n") == false)
        #expect(!outcome.shown.contains("abc"))
        #expect(!outcome.shown.contains(World.secret))
    }

    @Test func `survives every prefix and every changed byte`() {
        let body = Array(#"{"access_token":"a.b.c","expires_on":"1700003600","refresh_in":60}"#.utf8)
        for index in body.indices {
            _ = try? IdentityReply(Array(body[..<index])).token(now: Self.now)
            for byte: UInt8 in [0, 10, 34, 44, 57, 92, 123, 125, 255] {
                var changed = body
                changed[index] = byte
                _ = try? IdentityReply(changed).token(now: Self.now)
            }
        }
        let deep = Array(repeating: UInt8(ascii: "["), count: 200_000)
        #expect(throws: IdentityReply.Flaw.self) { try IdentityReply(deep) }
    }
}
