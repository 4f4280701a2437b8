import CredentialTesting
import Foundation
import Testing
import TokenCredentials

@testable import PostgresCredentials

@Suite struct `What is not said` {
    static let environments: [[String: String]] = [
        [:], ["PGHOST": "h"], ["PGHOST": ""], ["PGHOST": "a,b", "PGPORT": "1,2"], ["PGPORT": ""], ["PGPORT": "05432"],
        ["PGUSER": "u"], ["PGUSER": "Prod\\ DB"], ["PGUSER": " u "], ["PGDATABASE": "d"], ["PGDATABASE": ""],
        ["PGPASSWORD": "p\n"], ["PGPASSWORD": ""], ["PGPASSFILE": "/x"], ["PGPASSFILE": ""],
        ["PGSSLMODE": "verify-full"],
        ["PGSSLMODE": "bogus"], ["PGSSLMODE": ""], ["PGREQUIRESSL": "1"], ["PGREQUIRESSL": "10"], ["PGREQUIRESSL": "0"],
        ["PGREQUIRESSL": ""], ["PGREQUIRESSL": "1", "PGSSLMODE": "disable"], ["PGHOSTADDR": "1.2.3.4"],
        ["PGAPPNAME": "a", "PGOPTIONS": "-c x=y", "PGCLIENTENCODING": "utf8", "PGCONNECT_TIMEOUT": "3"],
        [
            "PGSSLCERT": "c", "PGSSLKEY": "k", "PGSSLROOTCERT": "r", "PGSSLCRL": "l", "PGSSLCRLDIR": "d",
            "PGSSLSNI": "0",
        ],
        ["PGSSLCOMPRESSION": "1", "PGSSLMINPROTOCOLVERSION": "TLSv1", "PGSSLMAXPROTOCOLVERSION": "TLSv1.3"],
        [
            "PGREQUIREPEER": "p", "PGKRBSRVNAME": "k", "PGGSSLIB": "g", "PGGSSENCMODE": "disable",
            "PGCHANNELBINDING": "require",
        ],
        ["PGTARGETSESSIONATTRS": "any", "PGSSLPASSWORD": "x", "PGREPLICATION": "1"],
        ["pghost": "h", "PGHOSTNAME": "h"],
        ["PGSERVICE": "one"], ["PGSERVICE": "one", "PGUSER": "variable", "PGHOST": "variable"], ["PGSERVICE": "two"],
        ["PGSERVICE": "only system"], ["PGSERVICE": "system"], ["PGSERVICE": "one", "PGSERVICEFILE": "@/other.conf"],
        ["PGSERVICE": "one", "PGSYSCONFDIR": "/nowhere"],
        ["PGSERVICE": "one", "PGSSLMODE": "disable", "PGREQUIRESSL": "1"],
    ]

    @Test(arguments: environments)
    func `is taken from where libpq takes it`(_ environment: [String: String]) throws {
        try withTemporaryDirectory { directory in
            try FileManager.default.createDirectory(atPath: directory + "/etc", withIntermediateDirectories: false)
            try Data("[one]\nhost=service-host\nuser=service-user\nsslmode=require\n[two]\nport=2\n".utf8)
                .write(to: URL(fileURLWithPath: directory + "/.pg_service.conf"))
            try Data("[one]\nhost=system-host\n[only system]\ndbname=x\n[system]\nuser=\nport=7\n".utf8)
                .write(to: URL(fileURLWithPath: directory + "/etc/pg_service.conf"))
            try Data("[one]\nhost=other-host\n".utf8).write(to: URL(fileURLWithPath: directory + "/other.conf"))
            var variables = ["HOME": directory, "PGSYSCONFDIR": directory + "/etc"]
            variables.merge(environment.mapValues { $0.replacing("@", with: directory) }) { _, given in given }

            var judged = try Judge.defaults(in: variables)
            let builtIn = try Judge.defaults(in: [:])
            judged["service"] = nil
            let info = try ConnectionInfo().resolved(in: ProcessEnvironment(variables))
            var ours = builtIn
            for keyword in info.keywords where info.origin(of: keyword) != .builtIn { ours[keyword] = info[keyword] }
            if judged["user"] == "" { judged["user"] = builtIn["user"] }
            if judged["dbname"] == "" { judged["dbname"] = nil }
            #expect(ours == judged)
            #expect(info.user == judged["user"])
        }
    }

    @Test func `is left out of strings where an old library would refuse what it ignores as a variable`() throws {
        let environment: ProcessEnvironment = ["PGREQUIREAUTH": "md5", "PGHOST": "h", "PGCHANNELBINDING": "require"]
        let info = try ConnectionInfo("user=u").resolved(in: environment)
        #expect(info.conninfo == "host='h' port='5432' dbname='u' user='u'")
        #expect(info.uri == "postgresql://u@h:5432/u")
        #expect(info.environment["PGREQUIREAUTH"] == "md5")
        #expect(info.warnings().count == 2)
        #expect(try ConnectionInfo("require_auth=password").conninfo == "require_auth='password'")
    }

    static let serviceFiles: [String] = [
        "[s]\npassword=p", "[s]\npassword=p\n", "[s]\r\npassword=p\r\n", " [s]\n  password=p", "[s]\npassword=p \t\n",
        "[s]\npassword= p\n", "[s]\npassword =p\n", "[s]\npassword\n", "[s]\n=p\n", "[s]\npassword=a=b\n",
        "[s]\npassword='p'\n",
        "[s]\npassword=a\\b\n", "[s]\npassword=a#b\n", "[s]\n# x\n\n;x\npassword=p\n", "[s]\n#password=q\npassword=p\n",
        "[s]\npassword=a\npassword=b\n", "[s]\npassword=a\n[s]\npassword=b\n", "[S]\npassword=p\n",
        "[s ]\npassword=p\n",
        "[ s]\npassword=p\n", "[s]x\npassword=p\n", "[ss]\npassword=p\n", "[s\npassword=p\n", "s]\npassword=p\n",
        "password=p\n",
        "[x]\nnonsense\n[s]\npassword=p\n", "[s]\nnonsense=1\npassword=p\n", "[s]\npassword=p\nnonsense\n",
        "[s]\nservice=t\npassword=p\n",
        "[s]\npassword=p\n[t]\nnonsense\n", "[s]\nPassword=p\n", "[s]\npassword=p\nldap://x\n",
        "\u{FEFF}[s]\npassword=p\n",
        "\u{FEFF}\n[s]\npassword=p\n", "[s]\npassword=\n", "[s]\npassword=p\nhost=other\nuser=other\n",
        "[s]\n\tpassword\t=p\n",
        "[s]\npassword=" + String(repeating: "x", count: 1012) + "\n",
        "[s]\npassword=" + String(repeating: "x", count: 1013) + "\n",
        "[s]\npassword=" + String(repeating: "x", count: 1013), "[s]\npassword=" + String(repeating: "x", count: 1014),
        "#" + String(repeating: "x", count: 1021) + "\n[s]\npassword=p\n",
        "[s]\npassword=p\n[t]\n#" + String(repeating: "x", count: 1021) + "\n",
        "[s]\npassword=p\n#" + String(repeating: "x", count: 1021) + "\n", "", "\n", "[]\npassword=p\n",
        "[s]\npassword=ä\u{85}\n",
    ]

    @Test(arguments: serviceFiles)
    func `is read from a service file as libpq reads it`(_ file: String) throws {
        try withTemporaryDirectory { directory in
            let path = directory + "/service.conf"
            try Data(file.utf8).write(to: URL(fileURLWithPath: path))
            let variables = ["PGSERVICEFILE": path, "HOME": directory, "PGSYSCONFDIR": directory]
            let text = "service=s host=h hostaddr=127.0.0.1 port=1 dbname=d user=u"
            let judged = try Judge.passwords([(text, [])], environment: variables)
            let resolved = try? ConnectionInfo(text).resolved(in: ProcessEnvironment(variables))
            #expect([resolved?.password.flatMap { $0.isEmpty ? nil : $0 }] == judged)
            if let resolved { #expect(resolved.host == "h" && resolved.user == "u") }
        }
    }

    @Test func `is told apart by where it came from`() throws {
        let files = MemoryFiles()
        let account = SystemAccount(name: "me", home: nil)
        let info = try ConnectionInfo("host=h").resolved(
            in: ["PGDATABASE": "d", "PGHOST": "other"], files: files, account: account)
        #expect(info.conninfo == "host='h' port='5432' dbname='d' user='me'")
        #expect(info.origin(of: "host") == .explicit)
        #expect(info.origin(of: "dbname") == .environment)
        #expect(info.origin(of: "user") == .builtIn)
        #expect(info.origin(of: "sslmode") == nil)
        #expect(!info.isUserSaid)
        #expect(try ConnectionInfo("user=u").resolved(in: [:], files: files, account: account).isUserSaid)
        #expect(try ConnectionInfo().resolved(in: ["PGUSER": "u"], files: files, account: account).isUserSaid)
        #expect(
            try ConnectionInfo("user=''").resolved(in: ["PGUSER": "u"], files: files, account: account).user == "me")
        #expect(try ConnectionInfo().resolved(in: [:], files: files, account: SystemAccount()).logins == [])
    }

    @Test(
        arguments: [
            ("[s]\nhunter2", ServiceFileError.Reason.syntax, 2), ("[s]\nservice=hunter2", .nestedService, 2),
            ("[t]\n", .noSuchService, nil),
            ("[s]\nldap://hunter2", .ldap, 2),
            ("[s]\npassword=hunter2" + String(repeating: "x", count: 1100), .lineTooLong, 2),
        ] as [(String, ServiceFileError.Reason, Int?)])
    func `is missed by name of file and line, without a word of the file`(
        _ file: String, _ reason: ServiceFileError.Reason, _ line: Int?
    ) throws {
        let files = MemoryFiles(["/f": file])
        let error = #expect(throws: ServiceFileError.self) {
            try ConnectionInfo("service=s").resolved(in: ["PGSERVICEFILE": "/f"], files: files)
        }
        #expect(error?.reason == reason)
        #expect(error?.line == line)
        #expect(!shown(error as Any).contains("hunter2"))
    }

    @Test(arguments: ["orders", "Orders DB", "a\u{1B}[2Jb"])
    func `names the service that no file defines`(_ service: String) {
        let files = MemoryFiles(["/f": "[other]\n"])
        let error = #expect(throws: ServiceFileError.self) {
            try ConnectionInfo("").resolved(in: ["PGSERVICEFILE": "/f", "PGSERVICE": service], files: files)
        }
        #expect(error?.reason == .noSuchService)
        #expect("\(error as Any)".contains("\u{1B}") == false)
        #expect(error?.description.contains("\"\(service.replacing("\u{1B}", with: "\\u001b"))\"") == true)
    }

    @Test func `is not looked for in a service file that is not there`() {
        let error = #expect(throws: ServiceFileError.self) {
            try ConnectionInfo("service=s").resolved(in: ["PGSERVICEFILE": "/f"], files: MemoryFiles())
        }
        #expect(error?.reason == .missing)
        #expect(error?.file == "/f")
    }
}
