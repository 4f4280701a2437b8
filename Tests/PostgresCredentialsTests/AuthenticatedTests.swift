import CredentialTesting
import Foundation
import Testing
import TokenCredentials

@testable import PostgresCredentials

@Suite struct `A connection with a token` {
    let credential = StubCredential("stub", .success(token(#"{"upn":"ann@t.example"}"#)))
    var secret: String { token(#"{"upn":"ann@t.example"}"#).secret }
    let files = MemoryFiles(["/etc/ssl/certs/ca-certificates.crt": "certificates"])

    private func authenticated(
        _ text: String, allowing mode: SSLMode? = nil, environment: ProcessEnvironment = [:]
    ) async throws -> ConnectionInfo {
        try await ConnectionInfo(text).authenticated(with: credential, allowing: mode, in: environment, files: files)
    }

    @Test func `is verified, has the token for its password and the user of the token`() async throws {
        let info = try await authenticated("host=srv.postgres.database.azure.com dbname=app")
        #expect(
            info.conninfo == "host='srv.postgres.database.azure.com' port='5432' dbname='app' user='ann@t.example'"
                + " password='\(secret)' sslmode='verify-full' sslrootcert='/etc/ssl/certs/ca-certificates.crt'")
        #expect(Judge.parse(info.conninfo) == info.bytes)
        #expect(!shown(info).contains(secret))
    }

    @Test func `keeps the user that was said, wherever it was said`() async throws {
        #expect(try await authenticated("host=h user=bob").user == "bob")
        #expect(try await authenticated("host=h", environment: ["PGUSER": "bob"]).user == "bob")
        files["/s"] = "[x]\nuser=bob\n"
        #expect(try await authenticated("service=x", environment: ["PGSERVICEFILE": "/s"]).user == "bob")
        let resolved = try ConnectionInfo("host=h").resolved(in: [:], files: files)
        let info = try await resolved.authenticated(with: credential, in: [:], files: files)
        #expect(info.user == "ann@t.example")
        #expect(info.database == "ann@t.example")
        #expect(try await authenticated("host=h user=bob").database == "bob")
    }

    @Test func `replaces the password that was there`() async throws {
        let info = try await authenticated("host=h password=old", environment: ["PGPASSWORD": "older"])
        #expect(info.password == secret)
    }

    @Test(arguments: [
        ("host=srv.postgres.database.azure.com", AzureCloud.public), ("host=db.example", .public), ("", .public),
        ("host=srv.postgres.database.usgovcloudapi.net", .usGovernment),
        ("host=SRV.Postgres.Database.ChinaCloudAPI.cn.", .china),
        ("host=a,srv.postgres.database.chinacloudapi.cn", .china),
        ("host=orders.0123456789ab.westus3.horizondb.azure.com", .public),
        ("host=postgres.database.chinacloudapi.cn", .public), ("host=evilpostgres.database.chinacloudapi.cn", .public),
    ])
    func `asks for a token of the cloud of its host`(_ text: String, _ cloud: AzureCloud) async throws {
        _ = try await authenticated(text)
        #expect(credential.requests == [.postgres(in: cloud)])
    }

    @Test func `asks for what its caller wants`() async throws {
        let request = TokenRequest("https://other.example/.default", tenant: "t")
        _ = try await ConnectionInfo("host=h").authenticated(with: credential, for: request, in: [:], files: files)
        #expect(credential.requests == [request])
        #expect(TokenRequest.postgres.scopes == ["https://ossrdbms-aad.database.windows.net/.default"])
    }

    @Test(
        arguments: [
            ("host=srv sslmode=prefer", [:]), ("host=srv", ["PGSSLMODE": "disable"]),
            ("sslmode=allow", ["PGHOST": "srv"]),
            ("host=localhost sslmode=allow", ["PGHOSTADDR": "10.0.0.1"]), ("host=srv requiressl=0", [:]),
            ("host=srv sslmode=verify-all", [:]),
            ("host=srv port=abc", [:]), ("host=srv port=0", [:]), ("host=srv port=65536", [:]),
            ("host=a,b port=1,2,3", [:]),
            ("host=a,b hostaddr=10.0.0.1", [:]), ("service=x", [:]),
            ("postgresql://u@tenant@srv:hunter2@real:5432/d", [:]),
            ("host=srv", ["PGPORT": "hunter2"]), ("host=srv sslrootcert=system sslmode=require", [:]),
        ] as [(String, [String: String])])
    func `is refused before a token is asked for`(_ text: String, _ environment: [String: String]) async throws {
        let error = await #expect(throws: CredentialError.self) {
            try await authenticated(text, environment: ProcessEnvironment(environment))
        }
        #expect(credential.requests == [])
        guard case .failed(let diagnosis)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(diagnosis.kind == .misconfigured)
        #expect(!shown(diagnosis).contains("hunter2"))
    }

    @Test func `is weak only where that was insisted on, or the server is here`() async throws {
        #expect(try await authenticated("host=srv sslmode=prefer", allowing: .prefer).sslmode == "prefer")
        #expect(try await authenticated("sslmode=disable").sslmode == "disable")
        #expect(try await authenticated("host=srv", environment: ["PGSSLMODE": "verify-ca"]).sslmode == "verify-ca")
        #expect(try await authenticated("host=srv", environment: ["PGREQUIRESSL": "1"]).sslmode == "require")
    }

    @Test(arguments: ["", "a\0", "\0"])
    func `is not made of a token no connection can carry`(_ secret: String) async throws {
        let credential = StubCredential(
            "stub", .success(AccessToken(secret: secret, expiresAt: .distantFuture, user: "u")))
        let error = await #expect(throws: CredentialError.self) {
            try await ConnectionInfo("host=h").authenticated(with: credential, in: [:], files: files)
        }
        #expect(error?.diagnosis?.problem == "stub delivered a token that is empty or holds a zero byte")
    }

    @Test func `is not made for a user nobody named`() async throws {
        let credential = StubCredential("stub", .success(token(#"{"appid":"1","oid":"2"}"#)))
        let error = await #expect(throws: CredentialError.self) {
            try await ConnectionInfo("host=h").authenticated(with: credential, in: [:], files: files)
        }
        #expect(error?.diagnosis?.kind == .misconfigured)
        #expect(error?.diagnosis?.problem.hasSuffix("it has appid, oid") == true)
        #expect(error?.diagnosis?.remedy?.hasPrefix("Name the user, as in user=") == true)
    }

    @Test func `passes on what the credential throws`() async throws {
        let credential = StubCredential("stub", .failure(.unavailable("nothing here")))
        let error = await #expect(throws: CredentialError.self) {
            try await ConnectionInfo("host=h").authenticated(with: credential, in: [:], files: files)
        }
        guard case .unavailable(let diagnosis)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(diagnosis.problem == "nothing here")
    }

    @Test func `leaves newer keywords to newer libraries`() async throws {
        let info = try ConnectionInfo("host=h user=u")
        let old = try await info.authenticated(with: credential, in: [:], files: files)
        let new = try await info.authenticated(with: credential, targeting: 16, in: [:], files: files)
        #expect(old.keywords(unknownTo: .oldest) == [])
        #expect(new["gssencmode"] == "disable")
    }

    @Test(arguments: [
        ("host=h user=u sslmode=verify-full", 100, 0), ("host=h user=u sslmode=require", 100, 1),
        ("sslmode=disable user=u", 100, 0),
        ("host=h channel_binding=require", 100, 1), ("host=h channel_binding=prefer", 100, 0),
        ("host=h require_auth=md5", 100, 1),
        ("host=h require_auth=password", 100, 0), ("host=h require_auth=scram-sha-256,password", 100, 0),
        ("host=h require_auth=!password", 100, 1), ("host=h require_auth=!md5", 100, 0), ("host=h port=6432", 2047, 0),
        ("host=h port=6432", 2048, 1), ("host=h port=5432", 9000, 0),
        ("host=h user=6f1e2d3c-0000-4abc-9def-0123456789ab sslmode=require", 100, 2),
    ])
    func `warns of what may go wrong`(_ text: String, _ length: Int, _ count: Int) throws {
        let token = AccessToken(secret: String(repeating: "x", count: length), expiresAt: .distantFuture)
        #expect(try ConnectionInfo(text).warnings(for: token, in: [:], files: files).count == count)
    }

    @Test(
        arguments: [
            ("host=h user=ann@t.example", nil), ("host=h user=bob@t.example", nil),
            ("host=h user=Ann@T.example", "the token is for ann@t.example"), ("host=h", nil),
        ] as [(String, String?)])
    func `warns of a user that differs from the token's in case`(_ text: String, _ problem: String?) throws {
        let token = token(#"{"upn":"ann@t.example"}"#)
        let warnings = try ConnectionInfo(text).warnings(for: token, in: [:], files: files)
        #expect(warnings.count == (problem == nil ? 0 : 1))
        if let problem { #expect(warnings.first?.hasPrefix(problem) == true) }
    }

    @Test(
        arguments: [
            ("host=h", [:], "no trusted authorities were found"), ("host=h sslmode=require", [:], nil),
            ("host=/run sslmode=verify-full", [:], nil), ("host=h", ["/h/.postgresql/root.crt": "x"], nil),
            ("host=h", ["/etc/pki/tls/certs/ca-bundle.crt": "x"], nil), ("host=h sslrootcert=system", [:], nil),
            ("host=h sslrootcert=/own", ["/own": "x"], nil),
            (
                "host=h sslrootcert=/own", ["/etc/pki/tls/certs/ca-bundle.crt": "x"],
                "the file of trusted authorities /own"
            ),
        ] as [(String, [String: String], String?)])
    func `explains that there are no authorities to verify the server by`(
        _ text: String, _ files: [String: String], _ problem: String?
    ) throws {
        let warnings = try ConnectionInfo(text + " user=u").warnings(
            for: nil, in: ["HOME": "/h"], files: MemoryFiles(files), account: SystemAccount(name: "me", home: "/none"))
        #expect(warnings.filter { $0.contains("authorities") }.count == (problem == nil ? 0 : 1), "\(warnings)")
        if let problem { #expect(warnings.contains { $0.hasPrefix(problem) }) }
    }

    @Test(
        arguments: [
            ("host=srv.postgres.database.azure.com", "ann@t.example@srv"),
            ("host=SRV.postgres.database.azure.com,b", "ann@t.example@SRV"), ("host=srv", "ann@t.example@srv"),
            ("host=10.0.0.1", "ann@t.example"), ("host=::1", "ann@t.example"), ("host=/run", "ann@t.example"),
            ("host=@x requirepeer=postgres", "ann@t.example"), ("", "ann@t.example"),
            ("host=srv.example user=bob", "bob"),
            ("host=t.example", "ann@t.example@t"), ("host=T", "ann@t.example@T"),
        ])
    func `names the server after a user of a single server, unless somebody named the user`(
        _ text: String, _ user: String
    ) async throws {
        var info = try ConnectionInfo(text + " port=1")
        info.serverKind = .single
        let resolved = try info.resolved(in: [:], files: files)
        #expect(try await resolved.authenticated(with: credential, in: [:], files: files).user == user)
        let entries = try KeptLogin(resolved).entries(for: token(#"{"upn":"ann@t.example"}"#))
        #expect(entries.allSatisfy { $0.login.user == user })
        #expect(info != (try ConnectionInfo(text + " port=1")))
    }

    @Test func `does not name the server twice`() throws {
        var info = try ConnectionInfo("host=Srv.example")
        info.serverKind = .single
        #expect(try info.role(for: token(#"{"upn":"app@srv"}"#)).name == "app@srv")
    }
}
