import CredentialTesting
import Foundation
import Synchronization
import Testing
import TokenCredentials

@testable import PostgresCredentials

@Suite struct `A password keeper` {
    let login = Login(host: "h", port: "1", database: "d", user: "u")
    let other = Login(host: "i", port: "2", database: "d", user: "u")
    let credential = Dispenser()

    func stage(
        _ logins: [Login], _ destinations: any PasswordDestination..., policy: KeeperPolicy = KeeperPolicy()
    ) -> KeeperStage {
        let stage = KeeperStage(
            [
                PasswordAssignment(
                    TokenSource(credential), logins: logins.map { KeptLogin($0) }, storingIn: destinations)
            ], policy: policy)
        credential.clock.withLock { $0 = stage.clock }
        return stage
    }

    @Test func `asks once for all that it keeps, ahead of the end`() async throws {
        let files = CountedFiles()
        let stage = stage(
            [login, other], PasswordFileDestination(path: "/a", files: files),
            PasswordFileDestination(path: "/b", files: files),
            PgBouncerAuthFile(path: "/c", trusting: FileTrust(owner: geteuid()), files: files))
        await stage.running {
            await stage.wait(for: .stored, 3)
            #expect(credential.requests.count == 1)
            #expect(files.base["/a"] == "h:1:d:u:token-1\ni:2:d:u:token-1\n")
            #expect(files.base["/c"] == "\"u\" \"token-1\"\n")
            #expect(stage.keeper.status.map(\.outcome) == [.fresh, .fresh, .fresh])
            stage.clock.advance(by: .seconds(3299))
            stage.clock.advance(by: .seconds(2))
            await stage.wait(for: .stored, 3)
        }
        #expect(credential.requests.count == 2)
        // Whoever keeps tokens on the way is told that the next must last longer than the one in place.
        #expect(credential.requests.map(\.minimumValidity) == [nil, .seconds(300)])
        #expect(files.base["/b"] == "h:1:d:u:token-2\ni:2:d:u:token-2\n")
        #expect(["/a", "/b", "/c"].map(files.replacements) == [2, 2, 2])
    }

    @Test func `keeps the last good token while nobody gives another, and says how long it is good`() async throws {
        let files = MemoryFiles()
        let stage = stage([login], PasswordFileDestination(path: "/a", files: files))
        await stage.running {
            await stage.wait(for: .stored)
            credential.fail(with: .failed(Diagnosis("the service is down", kind: .temporary)))
            stage.clock.advance(by: .seconds(3301))
            let event = await stage.wait(for: .notRenewed)
            #expect(event?.description.contains("the service is down") == true)
            #expect(event?.description.contains("stays and is good for another 4 minutes") == true)
            #expect(files["/a"] == "h:1:d:u:token-1\n")
            #expect(stage.keeper.status.map(\.outcome) == [.stale])
            #expect(stage.keeper.status.first?.lastError?.contains("the service is down") == true)
            // Two hours later it is back: one attempt finds that out.
            stage.clock.advance(by: .seconds(7200))
            #expect(await stage.wait(for: .notRenewed)?.description.contains("the old password has ended") == true)
            #expect(stage.keeper.status.map(\.outcome) == [.failing])
            credential.fail(with: nil)
            stage.clock.advance(by: .seconds(30))
            await stage.wait(for: .stored)
            #expect(files["/a"] == "h:1:d:u:token-2\n")
            #expect(stage.keeper.status.map(\.outcome) == [.fresh])
        }
    }

    @Test func `renews and looks after files as another policy wants`() async throws {
        let files = MemoryFiles()
        let stage = stage([login], PasswordFileDestination(path: "/a", files: files))
        var policy = KeeperPolicy()
        await stage.running {
            await stage.wait(for: .stored)
            stage.clock.advance(by: .seconds(2900))
            #expect(credential.requests.count == 1)
            // 700 seconds before its end.
            policy.renewal.ahead = .seconds(750)
            stage.keeper.replacePolicy(policy)
            await stage.wait(for: .stored)
            #expect(credential.requests.count == 2 && files["/a"] == "h:1:d:u:token-2\n")
            #expect(stage.keeper.status.map(\.outcome) == [.fresh])
            policy.check = .seconds(5)
            stage.keeper.replacePolicy(policy)
            files["/a"] = ""
            stage.clock.advance(by: .seconds(5))
            await stage.wait(for: .changedByOthers)
        }
        // What is being stored is stored to its end.
        #expect(credential.requests.count == 2 && files["/a"] == "h:1:d:u:token-2\n")
    }

    @Test func `tries a failing source again no sooner than it asks, and otherwise within the pause`() async throws {
        let policy = KeeperPolicy()
        let waits = (1...8).map { policy.wait(afterFailures: $0, life: .seconds(3600), asked: nil, chance: 0) }
        #expect(waits == [1, 2, 4, 8, 16, 30, 30, 30].map(Duration.seconds))
        #expect(policy.wait(afterFailures: 9, life: .seconds(8), asked: nil, chance: 1) == .milliseconds(900))
        #expect(policy.wait(afterFailures: 1, life: nil, asked: .seconds(100), chance: 0) == .seconds(100))
        #expect(policy.wait(afterFailures: 70, life: nil, asked: nil, chance: 0) == .seconds(30))
    }

    @Test func `is not held up by a destination that hangs`() async throws {
        let files = MemoryFiles()
        let slow = SlowDestination()
        let stage = stage([login], slow, PasswordFileDestination(path: "/a", files: files))
        await stage.running {
            await stage.wait(for: .stored)
            stage.clock.advance(by: .seconds(3301))
            await stage.wait(for: .stored)
            #expect(files["/a"] == "h:1:d:u:token-2\n")
            #expect(stage.keeper.status.map(\.outcome) == [.failing, .fresh])
            slow.open()
            await stage.wait(for: .stored)
            await stage.wait(for: .stored)
        }
        #expect(slow.stored.withLock { $0 } == ["token-1", "token-2"])
    }

    @Test(arguments: [FileError.Reason.system(errno: ENOSPC), .system(errno: EROFS), .system(errno: ESTALE), .busy])
    func `tries a destination again that could not be written`(reason: FileError.Reason) async throws {
        let files = MemoryFiles(["/a": "mine\n"])
        files.setFault(reason, at: "/a")
        let stage = stage(
            [login], PasswordFileDestination(path: "/a", files: files),
            PasswordFileDestination(path: "/b", files: files))
        await stage.running {
            await stage.wait(for: .notStored)
            #expect(stage.keeper.status[0].outcome == .failing)
            let error = FileError("reading", "/a", reason)
            #expect(stage.keeper.status[0].lastError == "\(error)" + (error.remedy.map { ". " + $0 } ?? ""))
            files.setFault(nil, at: "/a")
            stage.clock.advance(by: .seconds(1))
            while files["/a"] == "mine\n" { await Task.yield() }
            #expect(files["/a"] == "h:1:d:u:token-1\nmine\n")
        }
        #expect(credential.requests.count == 1)
    }

    @Test func `puts right what somebody changed`() async throws {
        let files = MemoryFiles()
        let stage = stage([login], PasswordFileDestination(path: "/a", files: files))
        await stage.running {
            await stage.wait(for: .stored)
            files["/a"] = "*:*:*:*:mine\n"
            stage.clock.advance(by: .seconds(61))
            await stage.wait(for: .changedByOthers)
            while files["/a"] == "*:*:*:*:mine\n" { await Task.yield() }
            #expect(files["/a"] == "h:1:d:u:token-1\n*:*:*:*:mine\n")
        }
        #expect(credential.requests.count == 1)
    }

    @Test func `does not quarrel with another keeper on the same file`() async throws {
        let files = CountedFiles()
        let first = stage([login], PasswordFileDestination(path: "/a", files: files))
        let second = stage([other], PasswordFileDestination(path: "/a", files: files))
        try await first.keeper.store()
        try await second.keeper.store()
        #expect(files.base["/a"] == "i:2:d:u:token-2\nh:1:d:u:token-1\n")
        first.clock.advance(by: .seconds(100))
        second.clock.advance(by: .seconds(100))
        try await first.keeper.store()
        try await second.keeper.store()
        #expect(files.replacements(of: "/a") == 2)
    }

    @Test func `asks at once after a suspension, and after the clock was set back`() async throws {
        let files = MemoryFiles()
        let stage = stage([login], PasswordFileDestination(path: "/a", files: files))
        await stage.running {
            await stage.wait(for: .stored)
            stage.clock.advance(by: .seconds(36_000))
            await stage.wait(for: .stored)
            #expect(files["/a"] == "h:1:d:u:token-2\n")
            stage.clock.advance(by: .seconds(-7200))
            stage.keeper.replacePlan([
                PasswordAssignment(
                    TokenSource(credential), logins: [KeptLogin(login)],
                    storingIn: [PasswordFileDestination(path: "/a", files: files)])
            ])
            await stage.wait(for: .stored)
            #expect(files["/a"] == "h:1:d:u:token-3\n")
        }
    }

    @Test func `sleeps in slices, so that a timer's idea of time does not matter`() async throws {
        let stage = stage([login], PasswordFileDestination(path: "/a", files: MemoryFiles()))
        await stage.running {
            await stage.wait(for: .stored)
            await stage.clock.waitForSleepers()
            #expect(stage.clock.deadlines.allSatisfy { $0 <= stage.clock.now.addingTimeInterval(15) })
        }
    }

    @Test func `goes on with another plan without asking or dropping anything`() async throws {
        let files = MemoryFiles()
        let a = PasswordFileDestination(path: "/a", files: files)
        let b = PasswordFileDestination(path: "/b", files: files)
        let stage = stage([login], a)
        await stage.running {
            await stage.wait(for: .stored)
            stage.keeper.replacePlan([
                PasswordAssignment(
                    TokenSource(credential), logins: [KeptLogin(login), KeptLogin(other)], storingIn: [a, b])
            ])
            await stage.wait(for: .stored, 2)
            #expect(files["/a"] == "h:1:d:u:token-1\ni:2:d:u:token-1\n" && files["/b"] == files["/a"])
            #expect(stage.keeper.status.map(\.path) == ["/a", "/b"])
        }
        #expect(credential.requests.count == 1)
    }

    @Test func `begins with a token that is at hand`() async throws {
        let files = MemoryFiles()
        let clock = ManualClock()
        let first = AccessToken(secret: "first", expiresAt: clock.now.addingTimeInterval(65))
        let keeper = PasswordKeeper(
            [
                PasswordAssignment(
                    TokenSource(credential, startingWith: first), logins: [KeptLogin(login, reaching: .anyDatabase)],
                    storingIn: [PasswordFileDestination(path: "/a", files: files)])
            ], clock: clock)
        let next = try await keeper.store()
        #expect(files["/a"] == "h:1:*:u:first\n" && credential.requests.isEmpty)
        // A life of 65 seconds is halved.
        #expect(next == clock.now.addingTimeInterval(32.5))
    }

    @Test func `stores once what it can and throws the first error`() async throws {
        let files = MemoryFiles()
        files.setFault(.system(errno: ENOSPC), at: "/full")
        let stage = stage(
            [login], PasswordFileDestination(path: "/full", files: files),
            PasswordFileDestination(path: "/a", files: files))
        await #expect(throws: FileError.self) { try await stage.keeper.store() }
        #expect(files["/a"] == "h:1:d:u:token-1\n")
        credential.fail(with: .unavailable("nothing here"))
        let empty = self.stage([login], PasswordFileDestination(path: "/b", files: files))
        await #expect(throws: CredentialError.self) { try await empty.keeper.store() }
        #expect(files["/b"] == nil)
    }

    @Test func `takes the user from each token where nobody names one, and any database where none is named`()
        async throws
    {
        let files = MemoryFiles()
        let connection = try ConnectionInfo("host=h port=1").resolved(in: ["HOME": "/none"], files: files)
        let source = StubCredential(
            "stub",
            .success(AccessToken(secret: "t", expiresAt: .distantFuture, user: "orders-api")))
        let keeper = PasswordKeeper([
            PasswordAssignment(
                TokenSource(source), logins: [try KeptLogin(connection)],
                storingIn: [PasswordFileDestination(path: "/a", files: files)])
        ])
        try await keeper.store()
        #expect(files["/a"] == "h:1:*:orders-api:t\n")
    }

    @Test(arguments: ["", "a\nb", "a\0"])
    func `takes no token that is not one line`(secret: String) async throws {
        let files = MemoryFiles()
        let source = StubCredential("stub", .success(AccessToken(secret: secret, expiresAt: .distantFuture)))
        let keeper = PasswordKeeper(source, for: login, storingIn: PasswordFileDestination(path: "/a", files: files))
        await #expect(throws: (any Error).self) { try await keeper.store() }
        #expect(files["/a"] == nil)
    }

    @Test func `shows no secret in what it says of itself`() async throws {
        let files = MemoryFiles()
        let stage = stage([login], PasswordFileDestination(path: "/a", files: files))
        await stage.running { await stage.wait(for: .stored) }
        let entry = PasswordEntry(login, password: "token-1")
        for shown in [
            everythingShown(of: stage.said), everythingShown(of: stage.keeper.status), everythingShown(of: entry),
        ] {
            #expect(!shown.contains("token-1"))
        }
    }

    @Test func `serves ten thousand logins with one request and one replacement`() async throws {
        let files = CountedFiles()
        let logins = (0..<10_000).map { Login(host: "h\($0 % 100)", port: "\($0)", database: "d", user: "u\($0)") }
        let stage = stage(logins, PasswordFileDestination(path: "/a", files: files))
        try await stage.keeper.store()
        stage.clock.advance(by: .seconds(3301))
        try await stage.keeper.store()
        #expect(credential.requests.count == 2 && files.replacements(of: "/a") == 2)
        let lines = files.base["/a"]?.split(separator: "\n") ?? []
        #expect(lines.count == 10_000 && lines.allSatisfy { $0.hasSuffix(":token-2") })
        #expect(stage.keeper.status.first?.logins == 10_000)
    }
}
