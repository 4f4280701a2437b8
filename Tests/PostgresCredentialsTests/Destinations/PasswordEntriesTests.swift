import Foundation
import Testing

@testable import PostgresCredentials

@Suite struct `Many entries of a password file` {
    let login = Login(host: "h", port: "1", database: "d", user: "u")

    /// Lines that are, or only look like, an entry for h:1:d:u.
    static let files = [
        "", "h:1:d:u:old\n", "\\h:1:d:\\u:old\nx\n", "h:1:d:u:old", "#h:1:d:u:old\n", "h:1:d:u\n", "*:1:d:u:old\n",
        "h:1:d:u:old:more\n", "h:1:d:u:\n", "h:1:\\*:u:old\n", "h:1:*:u:old\n", "h:1:d:u:a\0b\nh:1:d:u:c\n",
        "\n\nh:1:d:u:old\r\n", "hh:1:d:u:old\nh:1:d:uu:old\nh:11:d:u:x\n", "h\\:1:d:u:old\n",
    ]

    @Test(arguments: files)
    func `are set all at once as they are one by one`(text: String) throws {
        let logins = [login, Login(host: "::1", port: "1", database: "a:b", user: "#x")]
        var one = PasswordFile(parsing: text)
        for login in logins.reversed() { try one.setPassword("p:q", for: login) }
        var all = PasswordFile(parsing: text)
        try all.setPasswords(logins.map { PasswordEntry($0, password: "p:q") })
        #expect(all.contents == one.contents)
        #expect(all.holds(logins.map { PasswordEntry($0, password: "p:q") }))
    }

    @Test func `of hosts with colons replace lines that spell them raw`() throws {
        let raw = Login(host: "::1", port: "1", database: "d", user: "u")
        var file = PasswordFile(parsing: "::1:1:d:u:old\nx:1:d:u:kept\n")
        try file.setPasswords([PasswordEntry(raw, password: "new")])
        #expect(file.contents == Data("\\:\\:1:1:d:u:new\nx:1:d:u:kept\n".utf8))
    }

    @Test func `for any database replace the line for any, and no other`() throws {
        var file = PasswordFile(parsing: "h:1:*:u:old\nh:1:d:u:kept\nh:1:\\*:u:kept\n")
        try file.setPasswords([PasswordEntry(login, password: "new", reaching: .anyDatabase)])
        #expect(file.contents == Data("h:1:*:u:new\nh:1:d:u:kept\nh:1:\\*:u:kept\n".utf8))
    }

    @Test(arguments: [
        ("h:1:d:u:p\n", true), ("x:1:d:u:q\nh:1:d:u:p\n", true), ("h:1:d:u:q\n", false), ("", false),
        ("*:*:*:*:q\nh:1:d:u:p\n", false), ("*:*:*:*:p\nh:1:d:u:q\n", true), ("h:1:d:u:q\nh:1:d:u:p\n", false),
        ("#h:1:d:u:p\n", false), ("h:1:*:u:q\nh:1:d:u:p\n", false), ("h:1:e:u:q\nh:1:d:u:p\n", true),
    ])
    func `are found where the first line that matches has the password`(text: String, isHeld: Bool) {
        let file = PasswordFile(parsing: text)
        #expect(file.holds([PasswordEntry(login, password: "p")]) == isHeld)
        #expect((file.password(for: login) == "p") == isHeld)
    }

    @Test func `cost little, however many there are`() throws {
        let token = String(repeating: "t", count: 1500)
        let entries = (0..<10_000).map {
            PasswordEntry(Login(host: "h\($0 % 100)", port: "\($0)", database: "d", user: "u\($0)"), password: token)
        }
        var file = PasswordFile()
        try file.setPasswords(entries)
        var start = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &start)
        try file.setPasswords(entries)
        var end = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &end)
        let seconds = Double(end.tv_sec - start.tv_sec) + Double(end.tv_nsec - start.tv_nsec) / 1e9
        // Built for release it takes a fraction of a second; a quadratic one would take minutes in any build.
        #expect(seconds < 20)
    }
}
