import CredentialTesting
import Foundation
import SharedTokenCache
import Testing
import TokenCredentials

@Suite struct `A shared token` {
    let workshop: Workshop
    let request = TokenRequest(Workshop.scope)

    init() throws { workshop = try Workshop() }

    @Test func `is served to another process without asking`() async throws {
        let (first, second) = (workshop.source(), workshop.source())
        let one = try await workshop.shared(first).token(for: request)
        let other = try await workshop.shared(second).token(for: request)
        #expect(one == other)
        #expect(first.requests.count == 1)
        #expect(second.requests.isEmpty)
    }

    @Test func `keeps what the issuer said of it`() async throws {
        let token = AccessToken(
            secret: "s3cr3t", expiresAt: workshop.clock.now.addingTimeInterval(3600),
            refreshAt: workshop.clock.now.addingTimeInterval(1800), user: "orders-api")
        _ = try await workshop.shared(StubCredential("stub", .success(token))).token(for: request)
        #expect(try await workshop.shared(workshop.source()).token(for: request) == token)
    }

    @Test func `lies in files that only their owner can read`() async throws {
        _ = try await workshop.shared(workshop.source()).token(for: request)
        #expect(workshop.mode(workshop.directory.path) == 0o700)
        #expect(workshop.mode(workshop.base + "/passgres") == 0o700)
        #expect(workshop.files.count == 2)
        for file in workshop.files { #expect(workshop.mode(workshop.directory.path + "/" + file) == 0o600) }
    }

    @Test(arguments: [
        (SharedTokenIdentity("other"), "stub", TokenRequest(Workshop.scope)),
        (SharedTokenIdentity("me", tenant: "t"), "stub", TokenRequest(Workshop.scope)),
        (SharedTokenIdentity("me", authority: "https://login.example"), "stub", TokenRequest(Workshop.scope)),
        (SharedTokenIdentity("me"), "another", TokenRequest(Workshop.scope)),
        (SharedTokenIdentity("me"), "stub", TokenRequest("https://other.example/.default")),
        (SharedTokenIdentity("me"), "stub", TokenRequest(Workshop.scope, tenant: "t")),
        (SharedTokenIdentity("me"), "stub", TokenRequest(Workshop.scope, "https://db.example/more")),
    ])
    func `is bound to everything that decides whose it is`(
        identity: SharedTokenIdentity, name: String, request: TokenRequest
    ) async throws {
        _ = try await workshop.shared(workshop.source()).token(for: self.request)
        let other = workshop.source(name)
        _ = try await workshop.shared(other, of: identity).token(for: request)
        #expect(other.requests.count == 1)
    }

    @Test func `that has ended is replaced`() async throws {
        _ = try await workshop.shared(workshop.source()).token(for: request)
        workshop.clock.advance(by: .seconds(3575))
        let second = workshop.source()
        let token = try await workshop.shared(second).token(for: request)
        #expect(second.requests.count == 1)
        #expect(token.expiresAt > workshop.clock.now.addingTimeInterval(3500))
    }

    @Test func `is renewed ahead of its end, and used on if that fails`() async throws {
        let first = try await workshop.shared(workshop.source()).token(for: request)
        workshop.clock.advance(by: .seconds(3400))
        let failing = StubCredential("stub", .failure(.failed("no")))
        #expect(try await workshop.shared(failing).token(for: request) == first)
        #expect(failing.requests.count == 1)
        // The failure is not repeated by everybody who comes next.
        #expect(try await workshop.shared(failing).token(for: request) == first)
        #expect(failing.requests.count == 1)
        workshop.clock.advance(by: .seconds(31))
        let working = workshop.source()
        #expect(try await workshop.shared(working).token(for: request) != first)
        #expect(working.requests.count == 1)
    }

    @Test func `that will not last as long as asked is replaced`() async throws {
        _ = try await workshop.shared(workshop.source()).token(for: request)
        workshop.clock.advance(by: .seconds(600))
        let second = workshop.source()
        var demanding = request
        demanding.minimumValidity = .seconds(3300)
        _ = try await workshop.shared(second).token(for: demanding)
        #expect(second.requests.count == 1)
    }

    @Test func `is not served to a request with claims, and is replaced by its answer`() async throws {
        _ = try await workshop.shared(workshop.source()).token(for: request)
        let challenged = StubCredential(
            "stub", .success(AccessToken(secret: "new", expiresAt: workshop.clock.now.addingTimeInterval(3600))))
        var demanding = request
        demanding.claims = "{}"
        #expect(try await workshop.shared(challenged).token(for: demanding).secret == "new")
        #expect(try await workshop.shared(workshop.source()).token(for: request).secret == "new")
    }

    @Test func `is asked for again after a failure`() async throws {
        let failing = StubCredential("stub", .failure(.unavailable("not here")))
        await #expect(throws: CredentialError.self) { try await workshop.shared(failing).token(for: request) }
        await #expect(throws: CredentialError.self) { try await workshop.shared(failing).token(for: request) }
        #expect(failing.requests.count == 2)
        let working = workshop.source()
        _ = try await workshop.shared(working).token(for: request)
        #expect(working.requests.count == 1)
    }

    @Test func `is listed without its secret, and forgotten`() async throws {
        _ = try await workshop.shared(workshop.source()).token(for: request)
        _ = try await workshop.shared(workshop.source("other")).token(for: request)
        let tokens = try await workshop.directory.tokens(clock: workshop.clock)
        #expect(tokens.map(\.credential) == ["other", "stub"])
        #expect(tokens.map(\.scopes) == [[Workshop.scope], [Workshop.scope]])
        #expect(!everythingShown(of: tokens).contains("s3cr3t"))
        #expect(try await workshop.directory.forget() == 2)
        #expect(try await workshop.directory.tokens(clock: workshop.clock).isEmpty)
        let second = workshop.source()
        _ = try await workshop.shared(second).token(for: request)
        #expect(second.requests.count == 1)
        await workshop.shared(second).forgetToken(for: request)
        _ = try await workshop.shared(second).token(for: request)
        #expect(second.requests.count == 2)
    }

    @Test func `that a server turned down comes back from no layer`() async throws {
        let source = workshop.source()
        let shared = workshop.shared(source)
        let credential = CachedCredential(
            CredentialChain(StubCredential("absent", .failure(.unavailable("no"))), shared), clock: workshop.clock)
        for _ in 0..<2 { #expect(try await credential.token(for: request).secret == "s3cr3t-1") }
        await credential.forgetToken(for: request)
        #expect(try await credential.token(for: request).secret == "s3cr3t-2")
        #expect(try await workshop.shared(workshop.source()).token(for: request).secret == "s3cr3t-2")
    }

    @Test func `that a server turned down leaves one in place that another process has obtained since`() async throws {
        let source = workshop.source()
        let first = CachedCredential(workshop.shared(source), clock: workshop.clock)
        let token = try await first.token(for: request)
        await workshop.shared(source).forgetToken(for: request)
        #expect(try await workshop.shared(source).token(for: request).secret == "s3cr3t-2")
        await first.forgetToken(for: request)
        #expect(try await first.token(for: request).secret == "s3cr3t-2")
        await workshop.shared(source).forgetToken(for: request, ifStill: token)
        #expect(try await workshop.shared(source).token(for: request).secret == "s3cr3t-2")
        #expect(source.requests.count == 2)
    }

    @Test func `is not listed once it has ended`() async throws {
        _ = try await workshop.shared(workshop.source()).token(for: request)
        workshop.clock.advance(by: .seconds(3601))
        #expect(try await workshop.directory.tokens(clock: workshop.clock).isEmpty)
    }
}
