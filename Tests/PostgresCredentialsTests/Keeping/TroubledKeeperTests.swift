import CredentialTesting
import Foundation
import Synchronization
import Testing
import TokenCredentials

@testable import PostgresCredentials

@Suite(.timeLimit(.minutes(5))) struct `A password keeper in trouble` {
    let login = Login(host: "h", port: "1", database: "d", user: "u")
    let other = Login(host: "i", port: "2", database: "d", user: "u")

    func stage(
        _ credential: Dispenser, _ logins: [Login], _ destinations: any PasswordDestination...
    ) -> KeeperStage {
        let stage = KeeperStage([
            PasswordAssignment(TokenSource(credential), logins: logins.map { KeptLogin($0) }, storingIn: destinations)
        ])
        credential.clock.withLock { $0 = stage.clock }
        return stage
    }

    @Test func `keeps a token of 65 seconds fresh, and is back within an eighth of its life`() async throws {
        let (files, credential) = (CountedFiles(), Dispenser(life: 65))
        let stage = stage(credential, [login], PasswordFileDestination(path: "/a", files: files))
        await stage.running {
            await stage.wait(for: .stored)
            for number in 2...5 {
                stage.clock.advance(by: .seconds(33))
                await stage.wait(for: .stored)
                #expect(files.base["/a"] == "h:1:d:u:token-\(number)\n")
                #expect(stage.keeper.status.map(\.outcome) == [.fresh])
            }
            credential.fail(with: .failed(Diagnosis("the service is down", kind: .temporary)))
            stage.clock.advance(by: .seconds(33))
            await stage.wait(for: .notRenewed)
            #expect(stage.keeper.status.map(\.outcome) == [.stale])
            for _ in 0..<6 {
                stage.clock.advance(by: .seconds(9))
                await stage.wait(for: .notRenewed)
            }
            #expect(stage.keeper.status.map(\.outcome) == [.failing])
            credential.fail(with: nil)
            stage.clock.advance(by: .seconds(9))
            await stage.wait(for: .stored)
            #expect(stage.keeper.status.map(\.outcome) == [.fresh])
        }
        #expect(credential.requests.count == 13 && files.replacements(of: "/a") == 6)
    }

    @Test func `says why no other token came where a cache hands out the old one`() async throws {
        let (files, credential) = (MemoryFiles(), Dispenser())
        let stage = KeeperStage([
            PasswordAssignment(
                TokenSource(HoldingCredential(base: credential)), logins: [KeptLogin(login)],
                storingIn: [PasswordFileDestination(path: "/a", files: files)])
        ])
        credential.clock.withLock { $0 = stage.clock }
        await stage.running {
            await stage.wait(for: .stored)
            credential.fail(with: .failed(Diagnosis("the service is down", kind: .temporary)))
            stage.clock.advance(by: .seconds(3301))
            await stage.wait(for: .notRenewed)
            #expect(
                stage.said.contains { "\($0)".contains("the service is down; the old password stays and is good for") })
            #expect(stage.keeper.status.map(\.outcome) != [.fresh])
        }
    }

    @Test func `asks every half a minute while the identity service is down for two hours`() async throws {
        let (files, credential) = (MemoryFiles(), Dispenser())
        let stage = stage(credential, [login], PasswordFileDestination(path: "/a", files: files))
        await stage.running {
            await stage.wait(for: .stored)
            credential.fail(with: .failed(Diagnosis("the service is down", kind: .temporary)))
            stage.clock.advance(by: .seconds(3301))
            await stage.wait(for: .notRenewed)
            for _ in 0..<240 {
                stage.clock.advance(by: .seconds(30))
                await stage.wait(for: .notRenewed)
            }
            #expect(files["/a"] == "h:1:d:u:token-1\n" && credential.requests.count == 242)
            #expect(stage.said.last?.description.contains("the old password has ended") == true)
            credential.fail(with: nil)
            stage.clock.advance(by: .seconds(30))
            await stage.wait(for: .stored)
            #expect(files["/a"] == "h:1:d:u:token-2\n")
        }
    }

    @Test func `goes on where its directory was removed and made anew`() async throws {
        let (scratch, credential) = (try ScratchDirectory(), Dispenser())
        let (directory, path) = (scratch.path + "/d", scratch.path + "/d/pgpass")
        let stage = stage(credential, [login], PasswordFileDestination(path: path))
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: false)
        try await stage.running {
            await stage.wait(for: .stored)
            try FileManager.default.removeItem(atPath: directory)
            stage.clock.advance(by: .seconds(61))
            let event = await stage.wait(for: .notStored)
            #expect(event?.description.contains("No such file or directory") == true)
            #expect(event?.description.hasSuffix("next attempt in a second") == true)
            // The password that went with the directory is gone, whatever is left of its time.
            try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: false)
            stage.clock.advance(by: .seconds(1))
            await stage.wait(for: .stored)
            #expect(scratch.text(of: "d/pgpass") == "h:1:d:u:token-1\n" && mode(of: path) == 0o600)
            #expect(stage.keeper.status.map(\.outcome) == [.fresh])
        }
        #expect(credential.requests.count == 1)
    }

    @Test func `narrows a file that somebody opened to others, and says so`() async throws {
        let (scratch, credential) = (try ScratchDirectory(), Dispenser())
        let stage = stage(credential, [login], PasswordFileDestination(path: scratch.path + "/pgpass"))
        await stage.running {
            await stage.wait(for: .stored)
            chmod(scratch.path + "/pgpass", 0o644)
            stage.clock.advance(by: .seconds(61))
            await stage.wait(for: .changedByOthers)
            while mode(of: scratch.path + "/pgpass") != 0o600 { await Task.yield() }
        }
        #expect(scratch.text(of: "pgpass") == "h:1:d:u:token-1\n")
    }

    @Test func `keeps what a person writes while it writes`() async throws {
        let (scratch, credential) = (try ScratchDirectory(), Dispenser())
        try scratch.write("x:1:d:u:old\n", to: "pgpass")
        let files = EditedFiles(adding: "y:1:d:u:mine\n")
        let stage = stage(credential, [login], PasswordFileDestination(path: scratch.path + "/pgpass", files: files))
        try await stage.keeper.store()
        #expect(scratch.text(of: "pgpass") == "h:1:d:u:token-1\nx:1:d:u:old\ny:1:d:u:mine\n")
    }

    @Test(arguments: [EBUSY, ESTALE, EXDEV, EIO, EDQUOT])
    func `keeps the old file where the new one cannot take its place, and tries again`(code: Int32) async throws {
        let (files, credential) = (UnrenamableFiles(), Dispenser())
        files.base["/a"] = "mine\n"
        files.fail(for: .system(errno: code))
        let stage = stage(
            credential, [login], PasswordFileDestination(path: "/a", files: files),
            PasswordFileDestination(path: "/b", files: files.base))
        await stage.running {
            await stage.wait(for: .notStored)
            #expect(files.base["/a"] == "mine\n")
            while files.base["/b"] == nil { await Task.yield() }
            files.fail(for: nil)
            stage.clock.advance(by: .seconds(1))
            while files.base["/a"] == "mine\n" { await Task.yield() }
        }
        #expect(files.base["/a"] == "h:1:d:u:token-1\nmine\n" && credential.requests.count == 1)
    }

    @Test func `loses nothing on a file that another keeper keeps too`() async throws {
        let scratch = try ScratchDirectory()
        let path = try scratch.write("x:1:d:u:mine\n", to: "pgpass")
        let pairs = [login, other].map { login in
            let credential = Dispenser()
            return (credential, stage(credential, [login], PasswordFileDestination(path: path)))
        }
        await withTaskGroup(of: Void.self) { group in
            for (_, stage) in pairs {
                group.addTask {
                    await stage.running {
                        await stage.wait(for: .stored)
                        for _ in 0..<20 {
                            stage.clock.advance(by: .seconds(3301))
                            await stage.wait(for: .stored)
                        }
                    }
                }
            }
        }
        let lines = scratch.text(of: "pgpass")?.split(separator: "\n").sorted() ?? []
        #expect(lines == ["h:1:d:u:token-21", "i:2:d:u:token-21", "x:1:d:u:mine"])
        // Neither saw the other's work as a change of its own.
        #expect(pairs.allSatisfy { pair in !pair.1.said.contains { $0.kind == .changedByOthers } })
        #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.path) == ["pgpass"])
    }

    @Test func `does not ask again and again for tokens that have ended`() async throws {
        let (files, credential) = (MemoryFiles(), Dispenser(life: -10))
        let stage = stage(credential, [login], PasswordFileDestination(path: "/a", files: files))
        await stage.running {
            await stage.wait(for: .notRenewed)
            #expect(stage.keeper.status.first?.outcome == .failing)
            for _ in 0..<8 {
                stage.clock.advance(by: .seconds(30))
                await stage.wait(for: .notRenewed)
            }
            #expect(stage.said.last?.description.contains("has ended already. See that the clock") == true)
        }
        #expect(credential.requests.count == 9 && files["/a"] == nil)
    }

    @Test func `asks once after the clock was set back, and then as after any failure`() async throws {
        let credential = Dispenser()
        let stage = stage(credential, [login], PasswordFileDestination(path: "/a", files: MemoryFiles()))
        try await stage.keeper.store()
        credential.fail(with: .failed(Diagnosis("the service is down", kind: .temporary)))
        stage.clock.advance(by: .seconds(-7200))
        for _ in 0..<3 { _ = try? await stage.keeper.store() }
        #expect(credential.requests.count == 2)
        stage.clock.advance(by: .seconds(1))
        for _ in 0..<3 { _ = try? await stage.keeper.store() }
        #expect(credential.requests.count == 3)
        // A moment that was noted by the other time does not count either.
        stage.clock.advance(by: .seconds(-3600))
        credential.fail(with: nil)
        try await stage.keeper.store()
        #expect(credential.requests.count == 4 && stage.keeper.status.map(\.outcome) == [.fresh])
    }

    @Test func `serves two thousand files a few at a time`() async throws {
        let (crowd, credential) = (Crowd(), Dispenser())
        let destinations = (0..<2_000).map { CrowdedDestination(path: "/\($0)", crowd: crowd) }
        let stage = KeeperStage([
            PasswordAssignment(TokenSource(credential), logins: [KeptLogin(login)], storingIn: destinations)
        ])
        credential.clock.withLock { $0 = stage.clock }
        await stage.running {
            await stage.wait(for: .stored, 2_000)
            #expect(stage.keeper.status.allSatisfy { $0.outcome == .fresh })
        }
        #expect(crowd.most.withLock { $0 } <= 16 && crowd.served.withLock { $0 } == 2_000)
    }

    @Test func `serves the others however many hang`() async throws {
        let (slow, files, credential) = (SlowDestination(), MemoryFiles(), Dispenser())
        let hanging = (0..<40).map { number in HangingDestination(path: "/hangs/\(number)", until: slow) }
        let stage = KeeperStage([
            PasswordAssignment(
                TokenSource(credential), logins: [KeptLogin(login)],
                storingIn: hanging + [PasswordFileDestination(path: "/a", files: files)])
        ])
        credential.clock.withLock { $0 = stage.clock }
        await stage.running {
            while stage.keeper.status.last?.outcome != .fresh {
                await Task.yield()
                stage.clock.advance(by: .milliseconds(10))
            }
            #expect(files["/a"]?.isEmpty == false && stage.keeper.status.first?.outcome == .failing)
            slow.open()
        }
    }

    @Test func `does not promise another attempt where it is to store once`() async throws {
        let (files, credential) = (MemoryFiles(), Dispenser())
        files.setFault(.system(errno: ENOSPC), at: "/a")
        let stage = stage(credential, [login], PasswordFileDestination(path: "/a", files: files))
        await #expect(throws: FileError.self) { try await stage.keeper.store() }
        let event = await stage.wait(for: .notStored)
        #expect(
            event?.description.hasSuffix(
                "No space left on device. Make room on its disk; the old file stays until then.") == true)
        credential.fail(with: .unavailable("nothing here"))
        stage.clock.advance(by: .seconds(3599))
        await #expect(throws: CredentialError.self) { try await stage.keeper.store() }
        #expect(await stage.wait(for: .notRenewed)?.description == "dispenser gave no token: nothing here")
    }

    @Test func `says that PgBouncer was not told, and not that the file does not hold the password`() async throws {
        let (files, credential) = (MemoryFiles(["/pid": "4194304\n"]), Dispenser())
        let stage = stage(
            credential, [login],
            PgBouncerAuthFile(
                path: "/a", reloadingBy: PgBouncerProcess(pidFile: "/pid", files: files),
                trusting: FileTrust(owner: geteuid()), files: files))
        await stage.running {
            while files["/a"] == nil { await Task.yield() }
            while stage.keeper.status.first?.lastError == nil { await Task.yield() }
            let status = stage.keeper.status.first
            #expect(status?.outcome == .stale && status?.expiresOn == stage.clock.now.addingTimeInterval(3600))
            #expect(status?.lastError?.hasPrefix("/a holds the password, and PgBouncer could not be told: ") == true)
        }
        await #expect(throws: DestinationError.self) { try await stage.keeper.store() }
        #expect(!stage.said.contains { $0.description.contains("did not take") })
        #expect(files["/a"] == "\"u\" \"token-1\"\n")
    }

    @Test func `names the member of a chain that gave the token`() async throws {
        let clock = ManualClock()
        let token = AccessToken(secret: "t", expiresAt: clock.now.addingTimeInterval(3600))
        let chain = CredentialChain(
            StubCredential("environment", .failure(.unavailable("not set"))),
            StubCredential("managed-identity", .success(token)))
        let stage = KeeperStage([
            PasswordAssignment(
                TokenSource(chain, named: "the default credential at https://login.example"),
                logins: [KeptLogin(login)],
                storingIn: [PasswordFileDestination(path: "/a", files: MemoryFiles())])
        ])
        try await stage.keeper.store()
        #expect(
            await stage.wait(for: .renewed)?.description == "managed-identity gave a token that is good for 60 minutes")
    }

    @Test func `stores what was added while it stored`() async throws {
        let (slow, credential) = (SlowDestination(), Dispenser())
        let stage = stage(credential, [login], slow)
        await stage.running {
            while slow.begun.withLock({ $0 == 0 }) { await Task.yield() }
            stage.keeper.replacePlan([
                PasswordAssignment(
                    TokenSource(credential), logins: [KeptLogin(login), KeptLogin(other)], storingIn: [slow])
            ])
            slow.open()
            await stage.wait(for: .stored, 2)
        }
        #expect(slow.stored.withLock { $0 } == ["token-1", "token-1", "token-1"])
        #expect(credential.requests.count == 1)
    }

    @Test func `tries at once what failed, when somebody brings another plan`() async throws {
        let (files, credential) = (MemoryFiles(), Dispenser())
        let stage = stage(credential, [login], PasswordFileDestination(path: "/a", files: files))
        let plan = [
            PasswordAssignment(
                TokenSource(credential), logins: [KeptLogin(login)],
                storingIn: [PasswordFileDestination(path: "/a", files: files)])
        ]
        await stage.running {
            credential.fail(with: .unavailable("nothing here"))
            stage.keeper.replacePlan(plan)
            await stage.wait(for: .notRenewed)
            credential.fail(with: nil)
            files.setFault(.system(errno: ENOSPC), at: "/a")
            stage.keeper.replacePlan(plan)
            await stage.wait(for: .notStored)
            files.setFault(nil, at: "/a")
            stage.keeper.replacePlan(plan)
            await stage.wait(for: .stored)
        }
        #expect(files["/a"]?.hasPrefix("h:1:d:u:token-") == true)
    }

    @Test func `may be run by two tasks, and both end`() async throws {
        let (files, credential) = (MemoryFiles(), Dispenser())
        let stage = stage(credential, [login], PasswordFileDestination(path: "/a", files: files))
        await stage.running {
            await stage.running {
                await stage.wait(for: .stored)
                await stage.clock.waitForSleepers(2)
            }
            stage.clock.advance(by: .seconds(3301))
            await stage.wait(for: .stored)
        }
        #expect(credential.requests.count == 2)
    }

    @Test func `serves ten thousand logins of one identity, each time by one request and one replacement`()
        async throws
    {
        let (files, credential) = (CountedFiles(), Dispenser())
        let logins = (0..<10_000).map { Login(host: "h\($0 % 100)", port: "\($0)", database: "d", user: "u\($0)") }
        let stage = stage(
            credential, logins, PasswordFileDestination(path: "/a", files: files),
            PasswordFileDestination(path: "/b", files: files))
        await stage.running {
            await stage.wait(for: .stored, 2)
            for _ in 0..<3 {
                // What is stored is looked after in between, and nothing is written for that.
                stage.clock.advance(by: .seconds(61))
                stage.clock.advance(by: .seconds(3240))
                await stage.wait(for: .stored, 2)
            }
        }
        #expect(credential.requests.count == 4)
        #expect(["/a", "/b"].map(files.replacements) == [4, 4])
        let lines = files.base["/b"]?.split(separator: "\n") ?? []
        #expect(lines.count == 10_000 && lines.allSatisfy { $0.hasSuffix(":token-4") })
        #expect(stage.said.filter { $0.kind == .changedByOthers } == [])
    }
}
