import CredentialTesting
import Foundation
import SharedTokenCache
import Testing
import TokenCredentials

@Suite struct `A directory for shared tokens` {
    let workshop: Workshop
    let request = TokenRequest(Workshop.scope)

    init() throws { workshop = try Workshop() }

    @Test func `is in the runtime directory, else named for the user among temporary files`() {
        #expect(
            SharedTokenDirectory.standard(environment: ["XDG_RUNTIME_DIR": "/proc/self/task"]).path
                == "/proc/self/task/passgres-\(geteuid())/tokens")
        // Whoever is to make that directory has not, and we do not in its place.
        #expect(
            SharedTokenDirectory.standard(environment: ["XDG_RUNTIME_DIR": "/nonexistent/7"]).path
                == "/tmp/passgres-\(geteuid())/tokens")
        #expect(
            SharedTokenDirectory.standard(environment: ["XDG_RUNTIME_DIR": "relative"]).path
                == "/tmp/passgres-\(geteuid())/tokens")
        #expect(
            SharedTokenDirectory.standard(environment: ["TMPDIR": "/var/tmp"]).path
                == "/var/tmp/passgres-\(geteuid())/tokens")
    }

    @Test(arguments: [0o755, 0o770, 0o701]) func `that is open to others is not used`(mode: mode_t) async throws {
        _ = try await workshop.shared(workshop.source()).token(for: request)
        chmod(workshop.directory.path, mode)
        let second = workshop.source()
        #expect(try await workshop.shared(second).token(for: request).secret == "s3cr3t-1")
        #expect(second.requests.count == 1)
        let report = try #require(workshop.reports.withLock { $0.first })
        #expect(report.contains("is open to others"))
        await #expect(throws: SharedTokenDirectory.Refusal.self) { try await workshop.directory.tokens() }
        await #expect(throws: SharedTokenDirectory.Refusal.self) { try await workshop.directory.forget() }
    }

    @Test func `that is a link is not used`() async throws {
        _ = try await workshop.shared(workshop.source()).token(for: request)
        try FileManager.default.moveItem(atPath: workshop.directory.path, toPath: workshop.base + "/moved")
        try FileManager.default.createSymbolicLink(
            atPath: workshop.directory.path, withDestinationPath: workshop.base + "/moved")
        let second = workshop.source()
        _ = try await workshop.shared(second).token(for: request)
        #expect(second.requests.count == 1)
        #expect(workshop.reports.withLock { $0.first }?.contains("is not a directory") == true)
    }

    @Test func `below one that everybody may rename in is not used`() async throws {
        chmod(workshop.base, 0o777)
        _ = try await workshop.shared(workshop.source()).token(for: request)
        #expect(workshop.files.isEmpty)
        #expect(workshop.reports.withLock { $0.first }?.contains("which others may write to") == true)
    }

    @Test func `below a sticky one is used`() async throws {
        chmod(workshop.base, 0o1777)
        _ = try await workshop.shared(workshop.source()).token(for: request)
        #expect(workshop.files.count == 2)
    }

    @Test func `that cannot be made costs nobody the token`() async throws {
        let blocked = SharedTokenDirectory("/proc/passgres/tokens")
        let source = workshop.source()
        let shared = SharedTokenCredential(source, of: SharedTokenIdentity("me"), in: blocked, clock: workshop.clock)
        #expect(try await shared.token(for: request).secret == "s3cr3t-1")
    }
}
