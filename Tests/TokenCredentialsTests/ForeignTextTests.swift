import Testing
import TokenCredentials

@Suite struct `A text of somebody else's` {
    /// What moves a cursor, ends a line, turns the direction of writing round, or is not seen.
    static let nasty: [Unicode.Scalar] =
        [
            "\0", "\u{7}", "\u{8}", "\u{1b}", "\u{7f}", "\u{80}", "\u{9b}", "\u{9d}", "\u{61c}", "\u{200b}", "\u{200d}",
            "\u{200e}", "\u{200f}", "\u{feff}", "\u{ad}", "\u{3164}", "\u{e000}", "\u{e0041}",
        ] + (0x202A...0x202E).compactMap(Unicode.Scalar.init) + (0x2066...0x2069).compactMap(Unicode.Scalar.init)
    /// What ends a line or fills one.
    static let ends: [Unicode.Scalar] = ["\t", "\n", "\u{b}", "\u{c}", "\r", "\u{85}", "\u{2028}", "\u{2029}"]

    @Test(arguments: nasty + ends)
    func `is shown without what a terminal takes for a command`(_ scalar: Unicode.Scalar) {
        let text = "ada\(scalar)root"
        for shown in [text.printable, text.onOneLine, quoted(text), foreign(text), "\(Diagnosis(text))"] {
            #expect(shown.unicodeScalars.allSatisfy { $0.isPrintable }, "\(shown.debugDescription)")
            #expect(shown.contains("ada") && shown.contains("root"))
        }
    }

    @Test(arguments: nasty)
    func `is written as JSON writes it, so that nothing is lost`(_ scalar: Unicode.Scalar) {
        let digits = UTF16.encode(scalar)?.map { "\\u" + "000\(String($0, radix: 16))".suffix(4) }.joined() ?? ""
        for shown in ["a\(scalar)b".printable, "a\(scalar)b".onOneLine, "a\(scalar)b".printableLines] {
            #expect(shown == "a\(digits)b")
        }
    }

    @Test(arguments: [
        "", "ada", "Jürgen Müller", "Ζωή", "山田", "💥", "❤️", "a b  c", "\\u001b",
    ])
    func `is left as it is where it is only read`(_ text: String) {
        #expect(text.printable == text && text.onOneLine == text && text.printableLines == text)
    }

    @Test func `keeps lines apart where there are several, and blanks in the place of their ends where there is one`() {
        #expect("a\r\nb\tc".onOneLine == "a  b c")
        #expect("a\nb\u{1b}c".printableLines == "a\nb\\u001bc")
        #expect("a\nb".printable == "a\\u000ab")
    }

    @Test func `is masked and cut`() {
        let token = "eyJhbGciOiJSUzI1NiJ9.eyJhdWQiOiJkYiJ9.c2lnbmF0dXJlLXNpZ25hdHVyZQ"
        #expect(foreign("the vault says: \(token) is old") == "the vault says: <masked> is old")
        #expect(foreign("password=hunter2x no") == "password=<masked> no")
        #expect(foreign(String(repeating: "é", count: 600)) == String(repeating: "é", count: 500) + "…")
        let cut = foreign(String(repeating: "x ", count: 248) + token)
        #expect(!cut.contains("eyJ"), "a secret that the end of the text goes through")
    }

    @Test func `is not masked where it is no secret`() {
        let text = "FATAL: password authentication failed for user \"ada\": db1.postgres.database.azure.com token: none"
        #expect(SecretMask.masked(text) == text)
    }

    @Test func `is on one line of a diagnosis, also when it is put there afterwards`() {
        var diagnosis = Diagnosis("a\nb", remedy: "c\u{202e}d", facts: [.init("e\u{1b}", "f\ng")])
        #expect("\(diagnosis)" == "a b. c\\u202ed (e\\u001b: f g)")
        diagnosis.problem = "h\r\u{9b}"
        diagnosis.remedy = "i\nj"
        #expect(diagnosis.problem == "h \\u009b" && diagnosis.remedy == "i j")
    }
}
