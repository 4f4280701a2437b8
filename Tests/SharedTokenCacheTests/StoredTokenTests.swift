import CredentialTesting
import Foundation
import SharedTokenCache
import Testing
import TokenCredentials

@Suite struct `A shared token in a secret store` {
    let workshop: Workshop
    let store = MemorySecretStore()
    let request = TokenRequest(Workshop.scope)

    init() throws { workshop = try Workshop() }

    func shared(_ base: any TokenCredential, of identity: String = "ada") -> SharedTokenCredential {
        SharedTokenCredential(
            base, of: SharedTokenIdentity(identity), in: workshop.directory, keepingTokensIn: store,
            clock: workshop.clock,
            reporting: { [workshop] diagnosis in workshop.reports.withLock { $0.append(diagnosis.description) } })
    }

    /// Where the one token is.
    func key() async throws -> SecretKey {
        SecretKey(kind: "token", profile: try #require(try await store.profiles(ofKind: "token").first))
    }

    @Test func `is served to another process without asking, and lies in no file`() async throws {
        let (first, second) = (workshop.source(), workshop.source())
        let one = try await shared(first).token(for: request)
        #expect(try await shared(second).token(for: request) == one)
        #expect(first.requests.count == 1 && second.requests.isEmpty)
        #expect(store[try await key()]?.contains(one.secret) == true)
        for file in workshop.files {
            let contents = try Data(contentsOf: URL(filePath: workshop.directory.path + "/" + file))
            #expect(!String(decoding: contents, as: UTF8.self).contains(one.secret), "\(file)")
        }
    }

    @Test func `is asked for once, however many ask at once`() async throws {
        let source = StubCredential("stub") { (_, number) async throws(CredentialError) in
            for _ in 0..<50 { await Task.yield() }
            return AccessToken(secret: "s3cr3t-\(number)", expiresAt: Date.now.addingTimeInterval(3600))
        }
        let real = {
            SharedTokenCredential(
                source, of: SharedTokenIdentity("ada"), in: workshop.directory, keepingTokensIn: store)
        }
        let tokens = try await withThrowingTaskGroup(of: AccessToken.self) { group in
            for _ in 0..<60 { group.addTask { [request, shared = real()] in try await shared.token(for: request) } }
            return try await group.reduce(into: Set()) { $0.insert($1) }
        }
        #expect(tokens.count == 1 && source.requests.count == 1)
    }

    @Test func `is bound to whose it is`() async throws {
        _ = try await shared(workshop.source()).token(for: request)
        let other = workshop.source()
        _ = try await shared(other, of: "bob").token(for: request)
        #expect(other.requests.count == 1)
    }

    @Test(arguments: ["", "{}", "null", "not JSON", String(repeating: "x", count: 1 << 19)])
    func `that is damaged is replaced`(_ damage: String) async throws {
        _ = try await shared(workshop.source()).token(for: request)
        store[try await key()] = damage
        let second = workshop.source()
        _ = try await shared(second).token(for: request)
        #expect(second.requests.count == 1)
        let third = workshop.source()
        _ = try await shared(third).token(for: request)
        #expect(third.requests.isEmpty)
    }

    @Test func `from before the clock was set back is not believed`() async throws {
        workshop.clock.advance(by: .seconds(1000))
        _ = try await shared(workshop.source()).token(for: request)
        let earlier = SharedTokenCredential(
            workshop.source(), of: SharedTokenIdentity("ada"), in: workshop.directory, keepingTokensIn: store,
            clock: ManualClock())
        #expect(try await earlier.token(for: request).expiresAt == ManualClock().now.addingTimeInterval(4600))
    }

    @Test func `is used on where a renewal fails, which is not repeated by everybody`() async throws {
        let first = try await shared(workshop.source()).token(for: request)
        workshop.clock.advance(by: .seconds(3400))
        let failing = StubCredential("stub", .failure(.failed("no")))
        for _ in 0..<3 { #expect(try await shared(failing).token(for: request) == first) }
        #expect(failing.requests.count == 1)
    }

    @Test func `does not hide that a person has to sign in again`() async throws {
        _ = try await shared(workshop.source()).token(for: request)
        workshop.clock.advance(by: .seconds(3400))
        let ended = StubCredential(
            "stub", .failure(.failed(Diagnosis("the sign-in is no longer accepted", kind: .signInNeeded))))
        await #expect(throws: CredentialError.self) { try await shared(ended).token(for: request) }
    }

    @Test func `is used on where the store fails once somebody has begun to renew it`() async throws {
        let first = try await shared(workshop.source()).token(for: request)
        workshop.clock.advance(by: .seconds(3400))
        let failing = StubCredential("stub", .failure(.failed("no")))
        // It answers once, when the token is looked for, and not again.
        let flaky = SharedTokenCredential(
            failing, of: SharedTokenIdentity("ada"), in: workshop.directory, keepingTokensIn: FailingLater(store),
            clock: workshop.clock)
        #expect(try await flaky.token(for: request) == first)
    }

    @Test func `that cannot be kept costs nobody the token at hand`() async throws {
        store.setFault(.failed("it is full"), when: .writing)
        let token = try await shared(workshop.source()).token(for: request)
        #expect(token.secret == "s3cr3t-1")
        let reports = workshop.reports.withLock { $0 }
        #expect(reports.count == 1 && reports[0].contains("could not be kept") && !reports[0].contains("s3cr3t"))
        store.setFault(.locked("nobody is there"), when: .reading)
        let other = workshop.source()
        _ = try await shared(other).token(for: request)
        #expect(other.requests.count == 1)
    }

    @Test func `is listed without the token itself, and forgotten`() async throws {
        _ = try await shared(workshop.source()).token(for: request)
        let listed = try await SharedToken.kept(in: store, clock: workshop.clock)
        #expect(listed.map(\.credential) == ["stub"] && listed.map(\.scopes) == [[Workshop.scope]])
        #expect(listed.map(\.identity) == [SharedTokenIdentity("ada")])
        workshop.clock.advance(by: .seconds(3601))
        #expect(try await SharedToken.kept(in: store, clock: workshop.clock) == [])
        #expect(try await SharedToken.forgetAll(in: store) == 1)
        #expect(try await store.profiles(ofKind: "token") == [])
    }

    @Test func `is forgotten by whoever was turned down with it`() async throws {
        _ = try await shared(workshop.source()).token(for: request)
        await shared(workshop.source()).forgetToken(for: request)
        let second = workshop.source()
        _ = try await shared(second).token(for: request)
        #expect(second.requests.count == 1)
    }
}

/// A store that serves one question.
private final class FailingLater: SecretStore {
    private let base: MemorySecretStore
    private let questions = Guarded(0)

    init(_ base: MemorySecretStore) { self.base = base }

    func secret(for key: SecretKey) async throws(SecretStoreError) -> String? {
        let isFirst = questions.withLock { count in
            count += 1
            return count == 1
        }
        guard isFirst else { throw .failed("it is gone") }
        return try await base.secret(for: key)
    }

    func set(_ secret: String?, for key: SecretKey) async throws(SecretStoreError) { throw .failed("it is gone") }
}
