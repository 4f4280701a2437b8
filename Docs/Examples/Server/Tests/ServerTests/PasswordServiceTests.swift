import CredentialTesting
import FoundationEssentials
import PostgresCredentials
import ServerParts
import Testing
import TokenCredentials

@Suite struct `The service of a server` {
    let clock = ManualClock()
    let files = MemoryFiles()
    let login = Login(host: "db.example", database: "orders", user: "api")

    @Test func `renews the entry at half of the token's life, and survives trouble`() async throws {
        let clock = clock
        let credential = StubCredential { (request, number) async throws(CredentialError) -> AccessToken in
            if number == 2 { throw .failed("Entra is not to be reached") }
            return AccessToken(secret: "t\(number)", expiresAt: clock.now.addingTimeInterval(3600))
        }
        let service = PasswordService(
            credential, for: login, storingIn: PasswordFileDestination(path: "/p", files: files), clock: clock)
        let task = Task { try await service.run() }
        await clock.waitForSleepers(1)
        #expect(files["/p"] == "db.example:5432:orders:api:t1\n")
        clock.advance(by: .seconds(1800))
        await clock.waitForSleepers(1)
        #expect(files["/p"] == "db.example:5432:orders:api:t1\n")
        clock.advance(by: .seconds(30))
        await clock.waitForSleepers(1)
        #expect(files["/p"] == "db.example:5432:orders:api:t3\n")
        task.cancel()
        try await task.value
    }
}
