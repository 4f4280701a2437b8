import Foundation
import KnownFailures
import PostgresCredentials
import Testing
import TokenCredentials

@testable import PassgresCommands

@Suite struct `The checks of variables and files` {
    private static let good = sampleToken(sampleService)
    private static let old = sampleToken(sampleService.merging(["exp": .number(1_799_990_000)]) { $1 })

    private static func shown(_ findings: [CheckFinding]) -> [String] {
        findings.map { "\($0.outcome.rawValue) \($0.code ?? "-")" }
    }

    @Test(
        arguments: [
            ([:], "ok -"), (["PGPASSWORD": good.secret], "warn L09"), (["PGPASSWORD": old.secret], "fail T01"),
            (["PGPASSWORD": "hunter2"], "fail L09"), (["PGPASSWORD": "Bearer \(good.secret)"], "fail T02"),
            (["PGSERVICE": "orders", "PGHOSTADDR": ""], "warn L22"), (["PGHOSTADDR": "10.0.0.4"], "warn L10"),
            (["PGREQUIREAUTH": "scram-sha-256"], "fail L11"), (["PGREQUIREAUTH": "password"], "ok -"),
            (["PGCHANNELBINDING": "require"], "fail L12"), (["AZURE_CLIENT_SECRET": "s"], "fail E25"),
            (
                ["AZURE_FEDERATED_TOKEN_FILE": "/nonexistent/t", "AZURE_CLIENT_ID": "c", "AZURE_TENANT_ID": "t"],
                "fail E25"
            ),
            (["AZURE_CLIENT_SECRET": "s", "AZURE_CLIENT_ID": "c", "AZURE_TENANT_ID": "t"], "ok -"),
        ] as [([String: String], String)])
    func `see an override`(_ variables: [String: String], _ expected: String) throws {
        var named = variables
        named["PGSERVICE"] = nil
        let connection = try ConnectionInfo("host=db1 user=ada").resolved(in: ProcessEnvironment(named))
        let check = EnvironmentCheck(
            environment: ProcessEnvironment(variables), connection: connection, now: sampleTime)
        let findings = check.findings()
        #expect(Self.shown(findings) == [expected])
        #expect(!"\(findings)".contains("hunter2") && !"\(findings)".contains("eyJ"))
    }

    @Test(arguments: [
        ("", 0o600, "skip -"), ("db1:5432:orders:ada:\(good.secret)\n", 0o600, "ok -"),
        ("db1:5432:orders:ada:\(good.secret)\n", 0o644, "fail L01"),
        ("db1:5432:orders:ada:\(good.secret)\n", 0o620, "fail L01"),
        ("db1:5432:orders:ada:\(old.secret)\n", 0o600, "fail T01"),
        ("# a comment\n*:*:*:*:hunter2\ndb1:5432:orders:ada:\(good.secret)\n", 0o600, "fail L13"),
        ("db1:5432:orders:ada:\(old.secret)\ndb1:5432:*:ada:\(good.secret)\n", 0o600, "fail L13"),
        ("db1:5432:orders:ada:\(good.secret)\n*:*:*:*:hunter2\n", 0o600, "warn L13,ok -"),
        ("db1:5432:orders:Ada:\(good.secret)\n", 0o600, "warn L14"),
        ("\u{FEFF}db1:5432:orders:ada:x\n", 0o600, "fail L04"),
        ("d\0b\0", 0o600, "fail L04"),
    ])
    func `read a password file as libpq does`(_ text: String, _ mode: Int, _ expected: String) throws {
        let directory = FileManager.default.temporaryDirectory.appending(path: "passgres-test-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        let path = directory.appending(path: "pgpass").path
        #expect(
            FileManager.default.createFile(
                atPath: path, contents: Data(text.utf8), attributes: [.posixPermissions: mode]))
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
        let connection = try ConnectionInfo("host=db1 dbname=orders user=ada passfile=\(path)").resolved(in: [:])
        let findings = PasswordFileCheck(connection, [:], now: sampleTime).findings()
        #expect(Self.shown(findings).joined(separator: ",") == expected)
        #expect(!"\(findings)".contains("hunter2") && !"\(findings)".contains("eyJ"))
    }

    @Test func `name the line that is nearly right`() {
        let file = PasswordFile(parsing: "a:1:b:c:x\ndb1:5433:orders:ada:x\ndb1:5432:orders:Ada:y\n")
        let near = file.inspection(for: Login(host: "db1", database: "orders", user: "ada")).nearest
        #expect(near?.line == 2)
        #expect(near?.differing == ["port"])
    }

    @Test func `put failures first and the likeliest cause before the rest`() {
        let findings: [CheckFinding] = [
            .ok(.connection, "a"), .fail(.login, "R01", "b"), .warn(.environment, "L10", "c"),
            .fail(.passwordFile, "T01", "d"),
            .fail(.name, "N06", "e"), .skip(.clock, "f"),
        ]
        #expect(findings.inOrderOfConcern.map { $0.code ?? $0.text } == ["N06", "T01", "R01", "L10", "a", "f"])
    }

    @Test func `leave names and ids out of a report for others`() throws {
        let connection = try ConnectionInfo("host=db1.example,db2.example user=ada dbname=orders").resolved(in: [:])
        let redaction = Redaction(connection, in: ["HOME": "/home/ada", "AZURE_TENANT_ID": "contoso.example"])
        let text = redaction.applied(
            to: "/home/ada/.pgpass: \"ada\" at db1.example (10.0.0.4), db2.example; fe80::1:2 of "
                + "7e57ab1e-0000-4000-8000-000000000001 is bob@contoso.example.")
        #expect(text == "HOME/.pgpass: \"USER\" at HOST (ADDRESS), HOST-2; ADDRESS of ID is NAME.")
    }

    @Test(arguments: [
        ("the service \"orders-prod\" fills in", "the service \"NAME\" fills in"),
        ("database \"orders\" has no reorders", "database \"DATABASE\" has no reorders"),
        ("issued by \"Contoso Root CA\"", "issued by \"NAME\""),
        ("Tenant 'Contoso' isn't here", "Tenant 'NAME' isn't here"),
        ("reading /srv/contoso/pgpass: Is a directory", "reading FILE: Is a directory"),
        ("/home/ada/contoso/pgpass has mode 0644", "HOME/FILE has mode 0644"),
        ("client_id=7e57ab1e-0000-4000-8000-000000000001", "client_id=ID"),
        ("dial 10.0.0.4:5432 and [fe80::1%eth0]:5432 and ::ffff:10.0.0.4", "dial ADDRESS and [ADDRESS and ADDRESS"),
        ("for api://7e57ab1e-0000-4000-8000-000000000001", "for api://ID"),
        (
            "https://login.microsoftonline.com/7E57AB1E-0000-4000-8000-000000000001/x",
            "https://login.microsoftonline.com/ID/x"
        ),
        ("/home/ada/.contoso/token and /home/ada/.pgpass", "HOME/FILE and HOME/.pgpass"),
        ("/home/ada/.postgresql/root.crt, /etc/ssl/x", "HOME/.postgresql/root.crt, /etc/ssl/x"),
        ("https://db9.contoso.example/x is no scope", "https://HOST/x is no scope"),
        ("ask login.microsoftonline.com, libpq 15.18", "ask login.microsoftonline.com, libpq 15.18"),
        ("write @ as %40; append /.default", "write @ as %40; append /.default"),
    ])
    func `leave out of a report what looks like a name`(_ text: String, _ expected: String) throws {
        let connection = try ConnectionInfo("host=db1.example user=ada dbname=orders").resolved(in: [:])
        let redaction = Redaction(connection, in: ["HOME": "/home/ada"])
        #expect(redaction.applied(to: .fail(.login, nil, text)).text == expected)
    }

    @Test func `leave out of a report a path with a blank in it`() throws {
        let connection = try ConnectionInfo("host=db1.example passfile='/srv/My Files/contoso.txt' sslrootcert=system")
        let redaction = Redaction(
            connection,
            in: [
                "HOME": "/home/ada", "AZURE_FEDERATED_TOKEN_FILE": "/home/ada/My Files/token",
                "PGPASSFILE": "/home/ada/.pgpass",
            ])
        let text = redaction.applied(
            to: "/srv/My Files/contoso.txt has mode 0644; /home/ada/My Files/token; /home/ada/.pgpass: system")
        #expect(text == "FILE has mode 0644; HOME/FILE; HOME/.pgpass: system")
    }

    @Test func `leave a name out of the remedy too`() throws {
        let finding = CheckFinding.fail(
            .token, "R03", "the user is spelled \"Orders-API\", and the token says \"orders-api\"",
            [.role: "orders-api"])
        let shown = Redaction(in: [:]).applied(to: finding)
        #expect(!(shown.text + (shown.remedy ?? "")).lowercased().contains("orders"))
        #expect(shown.remedy?.contains("user=NAME") == true)
    }
}
