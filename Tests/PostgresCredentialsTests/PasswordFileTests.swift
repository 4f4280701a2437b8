import Foundation
import Testing
import TokenCredentials

@testable import PostgresCredentials

@Suite struct `A password file` {
    static let logins = [
        Login(host: "h", port: "1", database: "d", user: "u"), Login(host: "h", port: "01", database: "d", user: "u"),
        Login(host: "H", port: "1", database: "d", user: "u"), Login(host: "h", port: "1", database: "d", user: "u*"),
        Login(host: "*", port: "1", database: "*", user: "*"), Login(host: "::1", port: "1", database: "d", user: "u"),
        Login(host: "h", port: "1", database: "a b", user: " u "),
        Login(host: "a\\b", port: "1", database: "d:e", user: "u"),
        Login(host: "h", port: "1", database: "d", user: "user1@t.example@srv"),
        Login(host: "#h", port: "1", database: "d", user: "u"), Login(host: "h", port: "1", database: "é", user: "u"),
        Login(host: "h", port: "1", database: "e\u{301}", user: "u"),
        Login(host: "h", port: "1", database: "d", user: "it's"),
        Login(host: "h", port: "1", database: "\\", user: "\\:"),
        Login(host: "/tmp/x", port: "1", database: "d", user: "u"),
        Login(host: "@x", port: "1", database: "d", user: "u"),
        Login(host: "localhost", port: "1", database: "d", user: "u"),
        Login(host: "\r", port: "1", database: "d", user: "u"),
        Login(host: "\u{FEFF}h", port: "1", database: "d", user: "u"),
    ]

    static let files: [String] = [
        "", "\n", "h", "h:1:d:u:p", "h:1:d:u:p\n", "h:1:d:u:p\r\n", "h:1:d:u:p\r\r\n", "h:1:d:u:p\r", "h:1:d:u:\n",
        "h:1:d:u:\nh:1:d:u:p", "h:1:d:u\n", "h:1:d:u\nh:1:d:u:p\n", "h:1:d:u:a\nh:1:d:u:b\n", "*:*:*:*:p\n",
        "*:*:*:*:a\nh:1:d:u:b\n", "h:1:d:u:b\n*:*:*:*:a\n", "h:*:d:u:p", "*:1:*:u:p", "**:1:d:u:p", "* :1:d:u:p",
        " *:1:d:u:p", "\\*:1:\\*:\\*:p", "\\*:1:d:u:p", "*:1:d:u*:p", "h:1:d:u\\*:p", "#h:1:d:u:p", "\\#h:1:d:u:p",
        " #h:1:d:u:p", "# comment\nh:1:d:u:p", "#\n\n\nh:1:d:u:p\n", "h:1:d:u:p:q", "h:1:d:u:p\\:q", "h:1:d:u:p\\\\q",
        "h:1:d:u:p\\q", "h:1:d:u:p\\", "h:1:d:u:\\", "h:1:d:u:\\:", "h:1:d:u: p ", "h:1:d:u:p\t", " h:1:d:u:p",
        "h :1:d:u:p", "h:1:d:u :p", "h:1:a b: u :p", "h:1:a\\ b:\\ u\\ :p", "::1:1:d:u:p", "\\:\\:1:1:d:u:p",
        "[::1]:1:d:u:p", "a\\b:1:d\\:e:u:p", "a\\\\b:1:d\\:e:u:p", "a\\\\b:1:d:e:u:p", "\\h:\\1:\\d:\\u:p",
        "h:1:d:u\\", "h:1:d\\", "\\", ":", "::::", ":::::", "h::d:u:p", "h:01:d:u:p", "H:1:d:u:p", "h:1:D:u:p",
        "h:1:é:u:p\nh:1:e\u{301}:u:q", "h:1:d:user1@t.example@srv:p", "h:1:d:it's:p", "h:1:d:'it's':p",
        "h:1:\\\\:\\\\\\::p", "h:1:\\\\:\\\\:p", "h:1:\\:\\\\\\::p", "/tmp/x:1:d:u:p", "@x:1:d:u:p",
        "localhost:1:d:u:p",
        "\u{FEFF}h:1:d:u:p", "\u{FEFF}\nh:1:d:u:p", "h:1:d:u:a\rh:1:d:u:b\r", "\r:1:d:u:p", "h:1:d:u:ä日本🐘",
        "h:1:d:u:x\0y\nh:1:d:u:p", "h:1:d\0\n:u:p\nh:1:d:u:q\n", "\0h:1:d:u:p\n", "h:1:d:u:p\0", "h:1:d:u:p\n\0",
        "x\0\nh:1:d:u:p", "x\0\nh:1:d:u:p\nh:1:d:u:q", "h:1:d:u:p%41", "h:1:d:u:\"p\"",
        "h:1:d:u:" + String(repeating: "x", count: 9000),
        String(repeating: "y", count: 9000) + "\nh:1:d:u:p", String(repeating: "#:\\", count: 3000) + "\nh:1:d:u:p\n",
        "h:1:d:u:p\nx:y", "x:1:d:u:p\nh:2:d:u:p\nh:1:e:u:p\nh:1:d:v:p\nh:1:d:u:q", "h:1:d:u:eyJ0.eyJh.c2ln-_",
        "h:1:d:u:srv.example\\:5432/?Action=connect&DBUser=u", "h:1:d:u:srv.example:5432/?Action=connect",
    ]

    @Test(arguments: files)
    func `is matched as libpq matches it`(_ file: String) throws {
        let bytes = Array(file.utf8)
        let judged = try Judge.passwords(Self.logins.map { (connection(for: $0), bytes) })
        let ours = Self.logins.map { PasswordFile(parsing: file).password(for: $0) }
        #expect(ours == judged)
    }

    @Test(arguments: ["h:1:d:u:p\\:q\n*:*:*:*:r\n", "#h:1:d:u:x\nx:y\r\n\\h:1:d:u:\\p\r\nh:1:*:u*:z"])
    func `is matched like libpq up to every byte, and with every byte changed`(_ file: String) throws {
        let bytes = Array(file.utf8)
        var files = bytes.indices.map { Array(bytes[..<$0]) }
        for index in bytes.indices {
            for byte in Array("\\:*#\n\rhdu1p \0".utf8) + [0xC3] {
                var changed = bytes
                changed[index] = byte
                // What is sent as a password need not be text; what this package hands out is.
                if String(validating: changed, as: UTF8.self) != nil { files.append(changed) }
            }
        }
        let judged = try Judge.passwords(files.map { (connection(for: Self.logins[0]), $0) })
        let ours = files.map { PasswordFile(parsing: Data($0)).password(for: Self.logins[0]) }
        #expect(judged.count == files.count)
        for (index, file) in files.enumerated() where ours[index] != judged[index] {
            Issue.record("\(String(decoding: file, as: UTF8.self)): \(ours[index] ?? "-"), not \(judged[index] ?? "-")")
        }
    }

    @Test(arguments: logins)
    func `is written so that libpq finds every password`(_ login: Login) throws {
        let passwords = [
            "p", " ", ":", "\\", "p:", "p\\", "\\:", "#", "*", "a:b\\c", "ä", "p\r\u{B}", "\rp", "'\"", "%41",
        ]
        let entries = try passwords.map { password in
            var file = PasswordFile(parsing: "*:*:*:*:other\n")
            try file.setPassword(password, for: login)
            #expect(file.password(for: login) == password)
            return file.contents
        }
        #expect(try Judge.passwords(entries.map { (connection(for: login), Array($0)) }) == passwords)
    }

    @Test(arguments: [
        ("", "h:1:d:u:new\n"), ("x:y", "h:1:d:u:new\nx:y"), ("# c\r\n\r\nx\r\n", "h:1:d:u:new\n# c\r\n\r\nx\r\n"),
        ("h:1:d:u:old\n", "h:1:d:u:new\n"), ("h:1:d:u:old", "h:1:d:u:new\n"),
        ("a\nh:1:d:u:old\nb", "h:1:d:u:new\na\nb"),
        ("\\h:\\1:\\d:u:old\n", "h:1:d:u:new\n"), ("h:1:d:u:old\r\nh:1:d:u:older\r\nx\r\n", "h:1:d:u:new\nx\r\n"),
        ("*:1:d:u:old\nh:*:d:u:old\n", "h:1:d:u:new\n*:1:d:u:old\nh:*:d:u:old\n"),
        ("#h:1:d:u:old\n", "h:1:d:u:new\n#h:1:d:u:old\n"),
        ("h:1:d:u\nh:1:d\n", "h:1:d:u:new\nh:1:d:u\nh:1:d\n"), ("H:1:d:u:old\n", "h:1:d:u:new\nH:1:d:u:old\n"),
        ("h:1:d:uu:old\n", "h:1:d:u:new\nh:1:d:uu:old\n"), ("h:1:d:u:\n", "h:1:d:u:new\n"),
        ("\u{FEFF}h:1:d:u:old\n", "h:1:d:u:new\n\u{FEFF}h:1:d:u:old\n"),
        ("x\0\nh:1:d:u:old\n", "h:1:d:u:new\nx\0\nh:1:d:u:old\n"),
        ("\n\n\n", "h:1:d:u:new\n\n\n\n"),
    ])
    func `gets its new line first and keeps all others`(_ old: String, _ new: String) throws {
        var file = PasswordFile(parsing: old)
        try file.setPassword("new", for: Self.logins[0])
        #expect(String(decoding: file.contents, as: UTF8.self) == new)
    }

    @Test func `keeps bytes that are no text`() throws {
        let foreign = Data([0xFF, 0xFE, 0x0A, 0x80, 0x3A, 0x0D, 0x0A, 0x00, 0x0A, 0xC3])
        var file = PasswordFile(parsing: foreign)
        try file.setPassword("p", for: Self.logins[0])
        #expect(file.contents == Data("h:1:d:u:p\n".utf8) + foreign)
        file.removePassword(for: Self.logins[0])
        #expect(file.contents == foreign)
    }

    @Test(arguments: [
        ("host", "", PasswordFileError.Reason.empty), ("database", "", .empty), ("user", "", .empty),
        ("port", "", .empty),
        ("password", "", .empty), ("host", "a\nb", .newline), ("database", "\n", .newline), ("user", "u\n", .newline),
        ("password", "p\n", .newline), ("password", "a\nb:c:d:e:f", .newline), ("host", "a\0", .nul),
        ("user", "\0", .nul),
        ("password", "p\0q", .nul), ("password", "p\r", .trailingCarriageReturn), ("password", "hunter2\r\n", .newline),
    ])
    func `refuses what it cannot hold, and stays as it was`(
        _ name: String, _ value: String, _ reason: PasswordFileError.Reason
    ) throws {
        var login = Login(host: "h", port: "1", database: "d", user: "u")
        var password = "hunter2"
        switch name {
        case "host": login.host = value
        case "port": login.port = value
        case "database": login.database = value
        case "user": login.user = value
        default: password = value
        }
        var file = PasswordFile(parsing: "h:1:d:u:old\n")
        let error = #expect(throws: PasswordFileError.self) { try file.setPassword(password, for: login) }
        #expect(error?.reason == reason)
        #expect(error?.field.rawValue == name)
        #expect(!shown(error as Any).contains("hunter2"))
        #expect(file.contents == Data("h:1:d:u:old\n".utf8))
    }

    @Test func `is looked for where libpq looks`() {
        let account = SystemAccount(name: "u", home: "/home/u")
        #expect(PasswordFile.defaultPath(in: ["PGPASSFILE": "/x", "HOME": "/h"], account: account) == "/x")
        #expect(PasswordFile.defaultPath(in: ["PGPASSFILE": "", "HOME": "/h"], account: account) == "/h/.pgpass")
        #expect(PasswordFile.defaultPath(in: [:], account: account) == "/home/u/.pgpass")
        #expect(PasswordFile.defaultPath(in: [:], account: SystemAccount()) == nil)
    }

    /// A connection that is looked up by exactly this login and goes nowhere.
    private func connection(for login: Login) -> String {
        var info = ConnectionInfo()
        (info.host, info.port, info.database, info.user) = (login.host, login.port, login.database, login.user)
        info["hostaddr"] = "127.0.0.1"
        return info.conninfo
    }
}
