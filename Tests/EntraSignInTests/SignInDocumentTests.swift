import CredentialTesting
import FoundationEssentials
import Testing
import TokenCredentials

@testable import EntraSignIn

@Suite struct `The document of a sign-in` {
    @Test func `brings everything back`() throws {
        #expect(try SignIn(document: signIn().document) == signIn())
    }

    @Test func `is written in this form`() {
        #expect(
            signIn().document
                == #"{"account":"bob@contoso.example","accountID":"u1.t1","authority":"https://login.microsoftonline.com","#
                + #""clientID":"\#(client)","refreshToken":"hush-1","renewedAt":1700000000,"#
                + #""scopes":["https://ossrdbms-aad.database.windows.net/.default"],"#
                + #""tenant":"99999999-2222-3333-4444-555555555555","version":1}"#)
    }

    @Test(arguments: [
        ("", SignIn.Defect.unreadable), ("[]", .unreadable), ("{", .unreadable), ("nonsense", .unreadable),
        ("{}", .member("version")), (#"{"version":"one"}"#, .member("version")), (#"{"version":2}"#, .otherVersion),
        (#"{"version":1}"#, .member("refreshToken")),
    ])
    func `is not believed where it is none`(_ text: String, defect: SignIn.Defect) {
        #expect(throws: defect) { try SignIn(document: text) }
    }

    @Test(arguments: [
        ("\"hush-1\"", "\"hush\\n1\"", "refreshToken"), ("\"hush-1\"", "\"\"", "refreshToken"),
        ("\"hush-1\"", "7", "refreshToken"), ("\"\(client)\"", "\"a b\"", "clientID"),
        ("\"99999999-2222-3333-4444-555555555555\"", "\"../../x\"", "tenant"),
        ("https://login.microsoftonline.com", "http://login.microsoftonline.com", "authority"),
        ("https://login.microsoftonline.com", "https://me:you@login.microsoftonline.com", "authority"),
        ("[\"https://ossrdbms-aad.database.windows.net/.default\"]", "null", "scopes"),
        ("[\"https://ossrdbms-aad.database.windows.net/.default\"]", "[1]", "scopes"),
        ("1700000000", "-1", "renewedAt"), ("1700000000", "1e300", "renewedAt"),
    ])
    func `is checked member by member`(_ old: String, new: String, member: String) {
        let text = signIn().document.replacing(old, with: new)
        #expect(text != signIn().document)
        #expect(throws: SignIn.Defect.member(member)) { try SignIn(document: text) }
    }

    @Test func `is refused when it is too long`() {
        let text = signIn(String(repeating: "x", count: 140_000)).document
        #expect(throws: SignIn.Defect.unreadable) { try SignIn(document: text) }
    }

    @Test func `loses a name that would upset a terminal`() throws {
        let text = signIn().document.replacing("bob@contoso.example", with: "bob\\u001b[2J")
        #expect(try SignIn(document: text).account == nil)
    }

    @Test func `survives every cut and every changed byte`() {
        let bytes = Array(signIn().document.utf8)
        var read = 0
        for index in bytes.indices {
            if (try? SignIn(document: String(decoding: bytes[..<index], as: UTF8.self))) != nil { read += 1 }
            for value in [UInt8(0), 0x22, 0x7B, 0x39, 0xFF] {
                var changed = bytes
                changed[index] = value
                _ = try? SignIn(document: String(decoding: changed, as: UTF8.self))
            }
        }
        #expect(read == 0)
    }

    @Test func `shows nothing of the refresh token outside of itself`() {
        #expect(!everythingShown(of: signIn()).contains("hush"))
        #expect(!everythingShown(of: [signIn()]).contains("hush"))
        #expect(!everythingShown(of: KeptSignIn.Finding.signIn(signIn())).contains("hush"))
    }
}
