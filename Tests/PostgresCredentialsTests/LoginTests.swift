import CredentialTesting
import Testing
import TokenCredentials

@testable import PostgresCredentials

@Suite struct `A login` {
    static let account = SystemAccount(name: "me", home: "/nowhere")

    static let connections = [
        "host=h hostaddr=127.0.0.1 port=1 dbname=d user=u", "hostaddr=127.0.0.1 port=1 dbname=d user=u",
        "host='' hostaddr=127.0.0.1 port=1 dbname=d user=u", "hostaddr=::1 port=1 dbname=d user=u",
        "port=1 dbname=d user=u", "host='' port=1 dbname=d user=u", "host=/var/run/postgresql port=1 dbname=d user=u",
        "host=/var/run/postgresql/ port=1 dbname=d user=u", "host=/nowhere/x port=1 dbname=d user=u",
        "host=@abstract port=1 dbname=d user=u", "host=localhost hostaddr=127.0.0.1 port=1 user=u",
        "host=h hostaddr=127.0.0.1 port=1 dbname='' user=u", "host=/nowhere port='' dbname=d user=u",
        "host=/nowhere dbname=d user=u", "host=/nowhere port=05432 dbname=d user=u",
        "host=/nowhere port=abc dbname=d user=u",
        "host=127.0.0.1 port=1 dbname=d user=u", "host=::1 port=1 dbname=d user=u",
        "host=/nowhere port=1 dbname=d user='a:b\\\\c'",
        "host=H hostaddr=127.0.0.1 port=1 dbname=D user=U", "host=h hostaddr=127.0.0.1 port=1 user=u replication=true",
        "host=a,b hostaddr=127.0.0.1,127.0.0.1 port=1,2 dbname=d user=u",
        "host=b,a hostaddr=127.0.0.1,127.0.0.1 port=2,1 dbname=d user=u",
        "host=a,b hostaddr=127.0.0.1,127.0.0.1 port=3 dbname=d user=u", "host=/nowhere,/other port=1,2 dbname=d user=u",
        "host=/nowhere, port=1,2 dbname=d user=u", "host=,/nowhere port=1,2 dbname=d user=u",
        "host=/a,/b port=1, dbname=d user=u",
        "host=/a,/b port=,1 dbname=d user=u", "host=/a,/b port='' dbname=d user=u",
        "host=a, hostaddr=127.0.0.1,127.0.0.1 port=1 user=u",
        "hostaddr=127.0.0.1,127.0.0.2 port=1 dbname=d user=u", "host=/a,/b,/c port=1,2,3 user=u",
        "host=a,/b hostaddr=127.0.0.1, port=1,2 user=u", "host=a, hostaddr=127.0.0.1, port=1,2 user=u",
        "host=/a,/b port=1,2,3 user=u", "host=/a,/b,/c port=1,2 user=u", "host=a,b hostaddr=127.0.0.1 user=u port=1",
        "host=a hostaddr=127.0.0.1,127.0.0.2 user=u port=1", "host=/a port=1, user=u", "host=/a port=1,2 user=u",
    ]

    @Test(arguments: connections)
    func `is what libpq looks a password up by`(_ text: String) throws {
        let logins = try ConnectionInfo(text).resolved(in: [:], files: MemoryFiles(), account: Self.account).logins
        let everything = Array("*:*:*:*:any\n".utf8)
        guard let last = logins.last else {
            #expect(try Judge.passwords([(text, everything)]) == [nil])
            return
        }
        let entry = Array((try PasswordFile.entry(for: last, password: "p") + "\n").utf8)
        #expect(try Judge.passwords([(text, entry + everything)]) == ["p"])
    }

    @Test func `is there for each host, and for none without a user`() throws {
        let info = try ConnectionInfo("postgresql://u@a:1,b,%2Frun:3/d")
        #expect(
            info.logins == [
                Login(host: "a", port: "1", database: "d", user: "u"), Login(host: "b", database: "d", user: "u"),
                Login(host: "/run", port: "3", database: "d", user: "u"),
            ])
        #expect(try ConnectionInfo("host=h dbname=d").logins == [])
        #expect(try ConnectionInfo("host=h user=u").logins == [Login(host: "h", database: "u", user: "u")])
    }

    @Test func `differs from another as soon as one byte does`() {
        let composed = Login(host: "h", database: "\u{E9}", user: "u")
        let decomposed = Login(host: "h", database: "e\u{301}", user: "u")
        #expect(composed != decomposed)
        #expect(Set([composed, decomposed]).count == 2)
    }

    @Test(arguments: [
        ("", true), ("host=/run", true), ("host=@x", true), ("host=localhost", true), ("host=LocalHost", true),
        ("host=127.0.0.1", true), ("host=127.9.8.7", true), ("host=::1", true), ("host=0:0:0:0:0:0:0:1", true),
        ("hostaddr=127.0.0.1", true), ("host=srv.example hostaddr=127.0.0.1", true), ("host=localhost,::1", true),
        ("host=,", true), ("host=srv.example", false), ("host=10.0.0.1", false), ("host=128.0.0.1", false),
        ("host=::2", false), ("host=::", false), ("host=0.0.0.0", false), ("host=localhost hostaddr=10.0.0.1", false),
        ("host=/run hostaddr=10.0.0.1", false), ("host=localhost,srv.example", false),
        ("host=localhost.example", false),
        ("host=127.1", false), ("host=127.0.0.1.example", false), ("host=127.0.0.1x", false),
        ("host=2130706433", false),
        ("host=localhost.", false), ("host=fe80::1%eth0", false), ("host='localhost '", false),
        ("host=::ffff:10.0.0.1", false),
    ])
    func `stays on this machine only where that is certain`(_ text: String, _ isLocal: Bool) throws {
        #expect(try ConnectionInfo(text).servers().allSatisfy(\.isLocal) == isLocal)
    }
}
