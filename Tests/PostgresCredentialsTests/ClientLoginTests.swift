import CredentialTesting
import Foundation
import Testing
import TokenCredentials

@testable import PostgresCredentials

@Suite struct `A login for a client` {
    let end = Date(timeIntervalSince1970: 2_000_000_000)
    var credential: StubCredential {
        StubCredential("stub", .success(AccessToken(secret: "t0ken", expiresAt: end, user: "orders-api")))
    }

    @Test func `says all that a driver needs, and shows no password`() async throws {
        let login = try await ConnectionInfo("host=db.example dbname=orders").clientLogin(
            with: credential, in: ["HOME": "/none"], files: MemoryFiles())
        #expect(login.host == "db.example" && login.address == nil && login.port == 5432)
        #expect(login.user == "orders-api" && login.database == "orders" && login.password == "t0ken")
        #expect(login.tls == .verifiedHost && login.expiresAt == end)
        #expect(!everythingShown(of: login).contains("t0ken"))
    }

    @Test(arguments: [
        ("host=h sslmode=require", ClientLogin.TLSDemand.encrypted),
        ("host=h sslmode=verify-ca", .trustedAuthority), ("host=/run/pg", .none),
        ("host=127.0.0.1 sslmode=disable", .none),
    ])
    func `demands the TLS that the connection does`(text: String, demand: ClientLogin.TLSDemand) async throws {
        let login = try await ConnectionInfo(text).clientLogin(
            with: credential, in: ["HOME": "/none"], files: MemoryFiles())
        #expect(login.tls == demand)
    }
}
