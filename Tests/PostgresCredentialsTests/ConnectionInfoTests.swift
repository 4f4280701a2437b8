import Testing

@testable import PostgresCredentials

@Suite struct `Connection strings` {
    @Test(arguments: ConnectionSamples.all)
    func `are read as libpq reads them`(_ text: String) {
        #expect(disagreement(on: Array(text.utf8)) == nil)
    }

    @Test func `are many enough to judge by`() {
        #expect(Set(ConnectionSamples.all).count >= 300)
    }

    @Test(arguments: ConnectionSamples.all)
    func `are read like libpq up to every byte, and with every byte changed to a special one`(_ text: String) {
        let bytes = Array(text.utf8)
        let special = Array("'\\ =%@:/?&[],A0\n".utf8) + [0xFF]
        let disagreements =
            bytes.indices.compactMap { disagreement(on: Array(bytes[..<$0])) }
            + changes(of: bytes, to: special).compactMap(disagreement)
        #expect(disagreements == [])
    }

    @Test(arguments: [
        "host='a b' user=a\\ b password=''", "postgresql://u%40t:p@a:1,[::1]:2/d?ssl=true",
        "postgres://h/d?user=%C3%A4&sslmode=x",
    ])
    func `are read like libpq with every byte changed to any other`(_ text: String) {
        let disagreements = changes(of: Array(text.utf8), to: Array(1...255)).compactMap(disagreement)
        #expect(disagreements == [])
    }

    @Test(arguments: ConnectionSamples.values)
    func `are written so that libpq reads back every value`(_ value: String) throws {
        for keyword in ["host", "user", "password", "dbname", "port", "options", "passfile", "sslmode"] {
            for others in [["host": "h"], ["host": "h", "user": "u", "password": "p", "dbname": "d"], [:]] {
                var info = ConnectionInfo()
                for (other, text) in others { info[other] = text }
                info[keyword] = value
                #expect(Judge.parse(info.conninfo) == info.bytes, "\(keyword)")
                #expect(Judge.parse(info.uri) == info.bytes, "\(keyword)")
                #expect(try ConnectionInfo(info.conninfo) == info)
                #expect(try ConnectionInfo(info.uri) == info)
            }
        }
    }

    @Test(arguments: ConnectionSamples.all)
    func `survive being read and written in both forms`(_ text: String) throws {
        guard let info = try? ConnectionInfo(text) else { return }
        #expect(Judge.parse(info.conninfo) == info.bytes)
        #expect(Judge.parse(info.uri) == info.bytes)
        #expect(info.uri.utf8.allSatisfy { $0 > 32 && $0 < 127 && !"'\"<>#;+\\`^{}|".utf8.contains($0) })
    }

    @Test func `are written in the usual form where that can say it`() throws {
        let texts = [
            "host=h": "postgresql://h",
            "host=h user=u": "postgresql://u@h",
            "host=h user=u password=p dbname=d port=1": "postgresql://u:p@h:1/d",
            "host=h sslmode=require": "postgresql://h/?sslmode=require",
            "host=::1 dbname=d sslmode=require": "postgresql://[::1]/d?sslmode=require",
            "host=h password=p": "postgresql://h/?password=p",
            "host=a,b port=1": "postgresql:///?host=a%2Cb&port=1",
            "host=/run dbname=d": "postgresql:///?host=%2Frun&dbname=d",
            "user=u": "postgresql:///?user=u",
            "host=h user=''": "postgresql:///?host=h&user=",
            "host=h user=a@b@c": "postgresql://a%40b%40c@h",
            "": "postgresql:///",
        ]
        for (text, uri) in texts { #expect(try ConnectionInfo(text).uri == uri) }
    }

    @Test func `know the keywords of newer libraries`() throws {
        let info = try ConnectionInfo("host=h require_auth=password sslnegotiation=direct oauth_issuer=https://x")
        #expect(info.keywords(unknownTo: 15) == ["sslnegotiation", "require_auth", "oauth_issuer"])
        #expect(info.keywords(unknownTo: 17) == ["oauth_issuer"])
        #expect(info.keywords(unknownTo: 18) == [])
        #expect(Judge.keywords.isSubset(of: ConnectionKeyword.all.map(\.name)))
        for keyword in ConnectionKeyword.all where keyword.since <= 15 {
            #expect(Judge.keywords.contains(keyword.name))
        }
    }

    @Test(
        arguments: [
            ("host=h user=u oops=1", 14, "user", ConnectionInfoError.Reason.unknownKeyword(meant: nil)),
            ("username=u", 0, nil, .unknownKeyword(meant: "user")),
            ("ssl=true", 0, nil, .unknownKeyword(meant: "sslmode")),
            ("sslmod=x", 0, nil, .unknownKeyword(meant: "sslmode")),
            ("password=my secret", 12, "password", .missingEquals),
            ("host=h password='x", 16, "password", .unterminatedQuote), ("host=h\0", 6, nil, .nul),
            ("postgresql://u:p%zz@h", 16, "password", .badPercentEncoding),
            ("postgresql://u:p%00@h", 16, "password", .nul), ("postgresql://[::1", 13, "host", .unterminatedBracket),
            ("postgresql://[]", 13, "host", .emptyBrackets), ("postgresql://[::1]x", 18, "host", .textAfterBracket),
            ("postgresql://h/?password=a=b", 26, "password", .extraEquals),
            ("postgresql://h/?user", 16, "host", .missingEquals), ("postgresql://u:%ff@h", 15, "password", .notUTF8),
        ] as [(String, Int, String?, ConnectionInfoError.Reason)])
    func `that cannot be read name place and keyword`(
        _ text: String, _ offset: Int, _ keyword: String?, _ reason: ConnectionInfoError.Reason
    ) {
        #expect(throws: ConnectionInfoError(reason, offset: offset, keyword: keyword)) { try ConnectionInfo(text) }
    }

    @Test(arguments: [
        "host=h pass=hunter2 user=u", "password=hunter2 hunter2", "password='hunter2", "hunter2", "hunter2=hunter2",
        "postgresql://u:hunter2%zz@h/d", "postgresql://h/?password=hunter2=hunter2", "postgresql://h/?hunter2",
        "postgresql://[::1]hunter2", "postgresql://[hunter2", "host=h\0hunter2", "postgresql://h/?hunter2=1",
        "postgresql://u:hunter2%00@h", "postgresql://u:hunter2%ff@h",
    ])
    func `that cannot be read are never repeated`(_ text: String) {
        do {
            _ = try ConnectionInfo(text)
            Issue.record("it can be read")
        } catch {
            #expect(!shown(error).contains("hunter2"))
        }
    }

    private func changes(of bytes: [UInt8], to others: [UInt8]) -> some Sequence<[UInt8]> {
        bytes.indices.lazy.flatMap { index in
            others.lazy.map { other in
                var changed = bytes
                changed[index] = other
                return changed
            }
        }
    }

    /// What is wrong with our reading, if libpq's is another.
    private func disagreement(on bytes: [UInt8]) -> String? {
        let judged = Judge.parse(bytes)
        do throws(ConnectionInfoError) {
            let info = try ConnectionInfo(bytes: bytes)
            if let judged { return info.bytes == judged ? nil : "read \(info.bytes) where libpq reads \(judged)" }
            return info.values.keys.allSatisfy(Judge.keywords.contains) ? "\(bytes) was read and libpq refuses it" : nil
        } catch {
            guard let judged else { return nil }
            let isText = judged.values.allSatisfy { String(validating: $0, as: UTF8.self) != nil }
            return error.reason == .notUTF8 && !isText
                ? nil : "\(bytes) was refused, \(error), and libpq reads \(judged)"
        }
    }
}

/// Everything by which a value may be shown.
func shown(_ value: Any) -> String {
    var dumped = ""
    dump(value, to: &dumped)
    return "\(value)\n\(String(describing: value))\n\(String(reflecting: value))\n\(dumped)"
}
