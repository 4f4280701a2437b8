import ConnectionChecking
import Testing

@Suite struct `The check of connections` {
    @Test(arguments: [
        ("a.conninfo", "# ours\nhost=db.example dbname=orders user=api\n\npostgresql://api@db.example/orders\n"),
        ("a.conninfo", ""), ("a.conninfo", "password=''"), ("a.conninfo", "postgresql://api:@db.example"),
        ("pg_service.conf", "# ours\n[orders]\nhost=db.example\n dbname=orders\n\n[other]\nport=5433\n"),
        (".pg_service.conf", ""), ("my.pg_service.conf", "[a]\npassword=\n"),
    ])
    func `passes what libpq reads and holds no password`(_ file: String, _ text: String) {
        #expect(ConnectionChecker.findings(in: text, file: file) == [])
    }

    static let faults: [(String, String, Int, String)] = [
        ("a.conninfo", "host=a\nhost=a password=s3cr3t", 2, "password has a value"),
        ("a.conninfo", "postgresql://api:s3cr3t@db.example/orders", 1, "password has a value"),
        ("a.conninfo", "postgresql://db.example/?sslpassword=s3cr3t", 1, "sslpassword has a value"),
        ("a.conninfo", "host=a pasword=s3cr3t", 1, "perhaps password is meant"),
        ("a.conninfo", "host='s3cr3t", 1, "cannot be used"), ("a.conninfo", "s3cr3t", 1, "cannot be used"),
        ("a.conninfo", "host=a\0", 1, "cannot be used"),
        ("pg_service.conf", "[a]\npassword=s3cr3t", 2, "password has a value"),
        ("pg_service.conf", "host=s3cr3t", 1, "in no service"), ("pg_service.conf", "[a]\ns3cr3t", 2, "not a keyword"),
        ("pg_service.conf", "[a]\npasword=s3cr3t", 2, "perhaps password is meant"),
        ("pg_service.conf", "[s3cr3t", 1, "between brackets"), ("pg_service.conf", "[]", 1, "between brackets"),
        ("pg_service.conf", "[a]\nservice=s3cr3t", 2, "another service"),
        ("pg_service.conf", "[a]\nldap://s3cr3t", 2, "LDAP"),
        ("pg_service.conf", "[a]\n\n[a]", 3, "never read this one"),
        ("pg_service.conf", "[a]\noptions=\(String(repeating: "s3cr3t", count: 200))", 2, "longer than"),
    ]

    @Test(arguments: faults)
    func `finds a fault at its line, and quotes nothing`(
        _ file: String, _ text: String, _ line: Int, _ words: String
    ) {
        let findings = ConnectionChecker.findings(in: text, file: file)
        #expect(findings.map(\.line) == [line])
        #expect(findings.first?.problem.contains(words) == true, "\(findings)")
        #expect(findings.first?.description.hasPrefix("\(file):\(line): error: ") == true)
        #expect(!"\(findings)".contains("s3cr3t"))
    }

    @Test func `finds every fault of a file`() {
        let text = "[a]\npassword=x\nbogus=1\nport=5432\n[b]\nsslpassword=y\n"
        #expect(ConnectionChecker.findings(in: text, file: "pg_service.conf").map(\.line) == [2, 3, 6])
    }

    @Test func `survives every beginning and every change of one byte`() {
        for (file, text, _, _) in Self.faults {
            let bytes = Array(text.utf8.prefix(200))
            for count in bytes.indices {
                _ = ConnectionChecker.findings(in: String(decoding: bytes[..<count], as: UTF8.self), file: file)
                var changed = bytes
                changed[count] ^= 0x15
                _ = ConnectionChecker.findings(in: String(decoding: changed, as: UTF8.self), file: file)
            }
        }
    }
}
