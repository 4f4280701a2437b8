import Foundation
import PostgresCredentials
import Testing
import TokenCredentials

@testable import PassgresCommands

@Suite struct `The check of a token` {
    private static let host = "host=db1.postgres.database.azure.com"

    private func codes(_ conninfo: String, _ token: AccessToken, tenant: String? = nil) throws -> [String] {
        let connection = try ConnectionInfo(conninfo).resolved(in: ["HOME": "/nonexistent"])
        let check = TokenCheck(connection: connection, request: .postgres, tenant: tenant, now: sampleTime)
        let findings = check.findings(for: token, from: "a test")
        for finding in findings {
            #expect(!finding.text.contains(token.secret))
            #expect(finding.remedy?.contains(token.secret) != true)
        }
        return findings.map { "\($0.outcome.rawValue) \($0.code ?? "-")" }
    }

    @Test(arguments: [
        ("user=orders-api", sampleService, "ok -"), ("", sampleService, "ok -"),
        ("user=ada@contoso.example", samplePerson, "ok -"), ("user=vm-1", sampleMachine, "ok -"),
        ("user='Orders App'", sampleApplication, "ok -"),
        ("user=Orders-API", sampleService, "warn R03"), ("user='orders-api '", sampleService, "warn R03"),
        ("user=VM-1", sampleMachine, "warn R03"), ("user='orders app'", sampleApplication, "warn R03"),
        ("user=Ada@contoso.example", samplePerson, "warn R03"), ("user=ada", samplePerson, "warn R03"),
        ("user='Ada Lovelace'", samplePerson, "warn R03"), ("user=bob@home.example", sampleGuest, "warn R03"),
        (#"user='Prod\\ DB'"#, sampleMember, "warn R03"), (#"user='orders-api\\ '"#, sampleService, "warn R03"),
        ("user=ada@contoso.example@db1", samplePerson, "warn R03"), ("user=orders-api@DB1", sampleService, "warn R03"),
        ("user='Order Readers@db1'", sampleMember, "warn R03"),
        ("user=ada@contoso.example", sampleService, "warn T07"), ("user=bob@contoso.example", samplePerson, "warn T09"),
        ("user=reporting", sampleService, "warn T09"), ("user=reporting", sampleApplication, "warn T09"),
        ("user='Order Readers'", samplePerson, "warn T08"), ("user='Order Readers'", sampleBusyPerson, "warn T08"),
        ("user='Order Readers'", sampleVeryBusyPerson, "warn T08"), ("user='order readers'", sampleMember, "warn R03"),
        ("user=7e57ab1e-0000-4000-8000-0000000000b1", sampleService, "warn R16"),
        ("user=7E57AB1E-0000-4000-8000-0000000000B1", sampleService, "warn R16"), ("", [:], "fail R17"),
    ])
    func `compares it with the user`(_ user: String, _ claims: [String: JSONValue?], _ expected: String) throws {
        #expect(try codes("\(Self.host) \(user)", sampleToken(claims)) == [expected])
    }

    @Test(arguments: [
        ("Order Readers", samplePerson), ("Order Readers", sampleMember), ("Order Readers", sampleBusyPerson),
        ("bob@contoso.example", samplePerson), ("reporting", sampleService), ("reporting", sampleApplication),
        ("ada@contoso.example", sampleService), ("VM-1", sampleMachine),
    ])
    func `advises nothing that takes a role away, nor the wrong kind of principal`(
        _ user: String, _ claims: [String: JSONValue?]
    ) throws {
        let connection = try ConnectionInfo("\(Self.host) user='\(user)'").resolved(in: ["HOME": "/nonexistent"])
        let check = TokenCheck(connection: connection, request: .postgres, tenant: nil, now: sampleTime)
        let remedies = check.findings(for: sampleToken(claims), from: "a test").compactMap(\.remedy)
        #expect(remedies.count == 1)
        let other = claims["idtyp"] == .string("app") ? "--type user" : "--type service"
        #expect(remedies.allSatisfy { !$0.lowercased().contains("drop") && !$0.contains(other) }, "\(remedies)")
        #expect(remedies.allSatisfy { !$0.contains("ppend @") }, "\(remedies)")
    }

    @Test(arguments: [
        ("reporting", sampleService), ("'Order Readers'", samplePerson), ("bob@contoso.example", samplePerson),
        ("ada@contoso.example", sampleService), ("7e57ab1e-0000-4000-8000-0000000000b1", sampleService),
        (#"'Order\\ Readers'"#, samplePerson), ("'Order Readers@db1'", samplePerson), ("'Order Readers'", sampleMember),
    ])
    func `says the user's name so that a report for others is without it`(
        _ user: String, _ claims: [String: JSONValue?]
    ) throws {
        let connection = try ConnectionInfo("\(Self.host) user=\(user)").resolved(in: ["HOME": "/nonexistent"])
        let check = TokenCheck(connection: connection, request: .postgres, tenant: nil, now: sampleTime)
        let shown = check.findings(for: sampleToken(claims), from: "a test").map(Redaction(in: [:]).applied(to:))
        #expect(shown.map { $0.text.contains("\"NAME\"") } == [true])
        #expect(!"\(shown)".contains(user.filter { $0 != "'" }))
        #expect(!"\(shown)".contains("Readers"))
    }

    @Test(arguments: [
        ("aud", JSONValue.string("https://management.azure.com/"), "fail T03"),
        ("aud", .string("https://ossrdbms-aad.database.usgovcloudapi.net"), "fail T03"),
        ("aud", .string("https://OSSRDBMS-AAD.database.windows.net/"), "ok -"),
        ("aud", .string("123cd850-d9df-40bd-94d5-c9f07b7fa203"), "ok -"),
        ("exp", .number(1_799_999_999), "fail T01"), ("nbf", .number(1_800_000_600), "fail T10"),
        ("nbf", .number(1_800_000_030), "ok -"), ("oid", .null, "fail T04"), ("tid", .null, "fail T04"),
        ("exp", .string("soon"), "ok -"), ("aud", .array([.string("x")]), "ok -"),
    ])
    func `compares it with server and time`(_ claim: String, _ value: JSONValue, _ expected: String) throws {
        let token = sampleToken(sampleService.merging([claim: value]) { $1 })
        #expect(try codes("\(Self.host) user=orders-api", token) == [expected])
    }

    @Test func `compares it with the directory asked for`() throws {
        let other = "7e57ab1e-0000-4000-8000-000000000002"
        #expect(try codes("\(Self.host) user=orders-api", sampleToken(sampleService), tenant: other) == ["warn T11"])
    }

    @Test(arguments: [
        ("host=db1.example user=ada password=hunter2x", [:], "the connection"),
        ("host=db1.example user=ada", ["PGPASSWORD": "hunter2x"], "PGPASSWORD"),
    ])
    func `doubts a password that is no token`(
        _ conninfo: String, _ variables: [String: String], _ place: String
    ) throws {
        let connection = try ConnectionInfo(conninfo).resolved(in: ProcessEnvironment(variables))
        let stored = try #require(StoredPassword(connection, [:]))
        let check = TokenCheck(connection: connection, request: .postgres, tenant: nil, now: sampleTime)
        let findings = check.findings(for: stored)
        #expect(findings.map(\.code) == ["T05"])
        #expect(findings.first?.outcome == .warn)
        #expect(findings.first?.text.contains(place) == true)
        #expect(findings.first?.text.contains("hunter2x") == false)
    }

    @Test(arguments: [
        ("user=orders-api@db1", sampleService, "ok -"), ("", sampleService, "ok -"),
        ("user=ada@contoso.example@db1", samplePerson, "ok -"), ("user=orders-api", sampleService, "warn R04"),
        ("user=ada@contoso.example", samplePerson, "warn R04"), ("user=Orders-API@db1", sampleService, "warn R03"),
    ])
    func `compares it with the user of a Single Server`(
        _ user: String, _ claims: [String: JSONValue?], _ expected: String
    ) throws {
        var said = try ConnectionInfo("\(Self.host) \(user)")
        said.serverKind = .single
        let connection = try said.resolved(in: ["HOME": "/nonexistent"])
        let check = TokenCheck(connection: connection, request: .postgres, tenant: nil, now: sampleTime)
        let findings = check.findings(for: sampleToken(claims), from: "a test")
        #expect(findings.map { "\($0.outcome.rawValue) \($0.code ?? "-")" } == [expected])
    }

    @Test(arguments: ["{\"t\":\"%\"}", "Bearer %", "\"%\"", "%\n", "eyJhbGciOiJub25lIn0", "half eyJ"])
    func `knows one that is not whole`(_ form: String) throws {
        let text = form.replacing("%", with: sampleToken().secret)
        let connection = try ConnectionInfo("").resolved(in: ["PGPASSWORD": text, "PGUSER": "ada"])
        let stored = try #require(StoredPassword(connection, [:]))
        #expect(stored.token == nil)
        let check = TokenCheck(connection: connection, request: .postgres, tenant: nil, now: sampleTime)
        #expect(check.findings(for: stored).map(\.code) == ["T02"])
    }
}
