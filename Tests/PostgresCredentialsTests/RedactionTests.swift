import PostgresCredentials
import Testing

@Suite struct `What holds a secret` {
    @Test(arguments: [
        "host=h password=hunter2", "postgresql://u:hunter2@h/d", "sslpassword=hunter2", "oauth_client_secret=hunter2",
        "scram_client_key=hunter2 scram_server_key=hunter2", "postgresql://user@tenant@server:hunter2@real:5432/db",
        "postgresql://user@tenant:hunter2@real:5432/db", "postgresql://u:12/hunter2@h/d",
        "postgresql://u:x@hunter2@h/d",
        "postgresql://u:hunter2/x@h/d",
    ])
    func `shows a connection without it`(_ text: String) throws {
        let info = try ConnectionInfo(text)
        #expect(!shown(info).contains("hunter2"))
        #expect(!shown(["a": info]).contains("hunter2"))
        #expect(!shown(Optional(info) as Any).contains("hunter2"))
    }

    @Test func `shows what is no secret`() throws {
        let info = try ConnectionInfo("host=srv.example port=5432 user='a b' password=hunter2")
        #expect("\(info)" == "ConnectionInfo(host=srv.example port=5432 user=a b password=<redacted>)")
    }

    @Test func `shows a password file as its length`() {
        let file = PasswordFile(parsing: "h:1:d:u:hunter2\n")
        #expect(!shown(file).contains("hunter2"))
        #expect("\(file)" == "PasswordFile(16 bytes)")
    }

    @Test func `never puts it into variables`() throws {
        let info = try ConnectionInfo(
            "host=h user=u password=hunter2 sslpassword=hunter2 keepalives=1 scram_client_key=hunter2")
        #expect(info.environment == ["PGHOST": "h", "PGUSER": "u"])
        #expect(info.keywordsWithoutVariable == ["sslpassword", "keepalives", "scram_client_key"])
        #expect(info.withoutPassword["password"] == nil)
        #expect(info.withoutPassword["user"] == "u")
    }

    @Test func `refuses a zero byte and an unknown name, and stays as it was`() throws {
        var info = try ConnectionInfo("user=u")
        #expect(throws: ConnectionInfoError(.nul, keyword: "user")) { try info.set("a\0b", for: "user") }
        #expect(throws: ConnectionInfoError(.unknownKeyword(meant: "dbname"))) { try info.set("d", for: "database") }
        info["user"] = "a\0b"
        info["nonsense"] = "x"
        #expect(info.conninfo == "user='u'")
        info.user = nil
        #expect(info == ConnectionInfo())
    }
}
