import CredentialHTTP
import CredentialTesting
import FoundationEssentials
import Testing
import TokenCredentials

@testable import EntraTokenEndpoint

@Suite struct `A reply with a token` {
    static let now = Date(timeIntervalSince1970: 1_700_000_000)

    private func reply(_ text: String) throws(TokenReply.Defect) -> TokenReply {
        try TokenReply(Array(text.utf8), receivedAt: Self.now)
    }

    @Test func `gives everything it holds`() throws {
        let reply = try reply(
            """
            {"token_type":"bearer","access_token":"t0k3n","expires_in":"3600","refresh_in":"1800","scope":"A b",
            "refresh_token":"r3fr3sh","id_token":"i.d.t","client_info":"aW5mbw","foci":"1"}
            """)
        #expect(reply.token.secret == "t0k3n")
        #expect(reply.token.expiresAt == Self.now.addingTimeInterval(3600))
        #expect(reply.token.refreshAt == Self.now.addingTimeInterval(1800))
        #expect(reply.refreshToken == "r3fr3sh")
        #expect(reply.idToken == "i.d.t")
        #expect(reply.clientInfo == "aW5mbw")
        let shown = everythingShown(of: reply)
        for secret in ["t0k3n", "r3fr3sh", "i.d.t", "aW5mbw"] { #expect(!shown.contains(secret)) }
    }

    static let tokenEndingIn600 = "h." + Data(#"{"exp":1700000600}"#.utf8).base64URL + ".s"

    @Test(arguments: [
        (#""expires_in":360"#, 360.0), (#""expires_in":"360""#, 360), (#""expires_in":360.0"#, 360),
        (#""expires_on":1700000360"#, 360), (#""expires_on":"1700000360""#, 360),
        (#""expires_in":60,"expires_on":1700003600"#, 60),
        (#""expires_in":-5,"expires_on":1700000360"#, 360), (#""expires_in":"soon""#, 600),
        (#""expires_in":172801"#, 600), (#""expires_in":172800"#, 600), (#""expires_in":0"#, 600),
        (#""expires_on":253402300799"#, 600), (#""other":1"#, 600), (#""expires_in":1e300"#, 600),
        // The token itself ends before that.
        (#""expires_in":86400"#, 600), (#""expires_on":1700086400"#, 600), (#""expires_in":0.0000001"#, 600),
    ])
    func `ends when its most believable field says`(_ field: String, seconds: Double) throws {
        let reply = try reply(#"{"token_type":"Bearer","access_token":"\#(Self.tokenEndingIn600)",\#(field)}"#)
        #expect(reply.token.expiresAt.timeIntervalSince(Self.now) == seconds)
    }

    @Test(arguments: ["0", "-1", "3600", "9999", #""soon""#, "null"])
    func `has no refresh point outside its life`(_ value: String) throws {
        let reply = try reply(
            #"{"token_type":"Bearer","access_token":"t","expires_in":3600,"refresh_in":\#(value)}"#)
        #expect(reply.token.refreshAt == nil)
    }

    @Test(arguments: [
        ("", "with nothing where"), (" \r\n", "with nothing where"), ("[]", "something else than the JSON"),
        ("{}", "without a token"), (#"{"token_type":"Bearer","access_token":"","expires_in":1}"#, "without a token"),
        (#"{"token_type":"Bearer","access_token":7,"expires_in":1}"#, "without a token"),
        (#"{"token_type":"pop","access_token":"t","expires_in":1}"#, "not a bearer token"),
        (#"{"access_token":"t","expires_in":1}"#, "not a bearer token"),
        (#"{"token_type":"Bearer","access_token":"t\r\nX: y","expires_in":1}"#, "characters no token may hold"),
        (#"{"token_type":"Bearer","access_token":"t\u0000","expires_in":1}"#, "characters no token may hold"),
        (#"{"token_type":"Bearer","access_token":"t t","expires_in":1}"#, "characters no token may hold"),
        (#"{"token_type":"Bearer","access_token":"tä","expires_in":1}"#, "characters no token may hold"),
        (#"{"token_type":"Bearer","access_token":"t"}"#, "when it ends"),
        (#"{"token_type":"Bearer","access_token":"t","expires_in":0.0000001}"#, "when it ends"),
        (#"{"token_type":"Bearer","access_token":"e30.eyJleHAiOjF9.s","expires_in":3600}"#, "has ended"),
        (#"{"token_type":"Bearer","access_token":"t","expires_in":-1}"#, "when it ends"),
        (#"{"token_type":"Bearer","access_token":"t","expires_in":999999}"#, "when it ends"),
    ])
    func `is refused if it cannot be used`(_ text: String, reason: String) throws {
        let defect = #expect(throws: TokenReply.Defect.self) { try reply(text) }
        #expect(defect?.text.contains(reason) == true)
    }

    @Test func `survives every prefix and every changed byte`() {
        let bytes = Array(goodReply.utf8)
        for length in bytes.indices {
            #expect(throws: (any Error).self) { try TokenReply(Array(bytes[..<length]), receivedAt: Self.now) }
        }
        for index in bytes.indices {
            for change: UInt8 in [0, 0x22, 0x7B, 0xFF] {
                var changed = bytes
                changed[index] = change
                _ = try? TokenReply(changed, receivedAt: Self.now)
            }
        }
        _ = try? TokenReply(Array(repeating: UInt8(ascii: "["), count: 200_000), receivedAt: Self.now)
    }

    @Test(arguments: [
        ("<html><script>", 200, "text/html", "answered with a web page"), ("", 200, "", "answered with nothing"),
        ("", 204, "", "answered with status 204 and no token"),
    ])
    func `of another kind is named in one sentence`(_ body: String, status: Int, type: String, words: String)
        async throws
    {
        let http = ScriptedTransport(.success(.text(body, status: status, type: type)))
        let error = await failure { () async throws(CredentialError) in
            try await endpoint(http).token(.clientSecret("s"), for: TokenRequest(postgresScope))
        }
        #expect(error?.isFailed == true)
        #expect(error?.diagnosis?.problem.contains(words) == true)
        #expect(error?.fact("HTTP status") == "\(status)")
    }
}
