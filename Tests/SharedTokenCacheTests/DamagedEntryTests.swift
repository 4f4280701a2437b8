import CredentialTesting
import Foundation
import SharedTokenCache
import Testing
import TokenCredentials

@Suite struct `An entry that cannot be believed` {
    enum Damage: String, CaseIterable, Sendable {
        case truncated, empty, garbage, worldReadable, groupWritable, symbolicLink, pipe, directory, foreignOwner
        case futureDated, tooLong, otherVersion, otherKey, lineBreakInSecret, tooLarge

        /// Whether it needs another user, whom only root can make an owner.
        static var producible: [Damage] { allCases.filter { $0 != .foreignOwner || geteuid() == 0 } }
    }

    let workshop: Workshop
    let request = TokenRequest(Workshop.scope)

    init() throws { workshop = try Workshop() }

    @Test(arguments: Damage.producible)
    func `is dropped and replaced`(damage: Damage) async throws {
        _ = try await workshop.shared(workshop.source()).token(for: request)
        let entry = workshop.entry
        try apply(damage, to: entry)
        let second = workshop.source("stub")
        _ = try await workshop.shared(second).token(for: request)
        #expect(second.requests.count == 1)
        #expect(workshop.mode(entry) == 0o600)
        #expect(workshop.reports.withLock { $0 }.isEmpty)
        let third = workshop.source()
        _ = try await workshop.shared(third).token(for: request)
        #expect(third.requests.isEmpty)
    }

    @Test(arguments: Damage.producible)
    func `is not listed`(damage: Damage) async throws {
        _ = try await workshop.shared(workshop.source()).token(for: request)
        try apply(damage, to: workshop.entry)
        #expect(try await workshop.directory.tokens(clock: workshop.clock).isEmpty)
    }

    @Test(arguments: Damage.producible.filter { ![.directory].contains($0) })
    func `does not stay if asking fails`(damage: Damage) async throws {
        _ = try await workshop.shared(workshop.source()).token(for: request)
        let entry = workshop.entry
        try apply(damage, to: entry)
        let failing = StubCredential("stub", .failure(.failed("no")))
        await #expect(throws: CredentialError.self) { try await workshop.shared(failing).token(for: request) }
        #expect(workshop.mode(entry) == 0)
    }

    @Test func `is one from before the clock was set back`() async throws {
        workshop.clock.advance(by: .seconds(86_400))
        _ = try await workshop.shared(workshop.source()).token(for: request)
        let later = ManualClock(now: workshop.clock.now.addingTimeInterval(-7200))
        let second = StubCredential(
            "stub", .success(AccessToken(secret: "new", expiresAt: later.now.addingTimeInterval(3600))))
        let shared = SharedTokenCredential(
            second, of: SharedTokenIdentity("me"), in: workshop.directory, clock: later)
        #expect(try await shared.token(for: request).secret == "new")
        #expect(try await shared.token(for: request).secret == "new")
        #expect(second.requests.count == 1)
    }

    @Test func `may be in the lock's place`() async throws {
        _ = try await workshop.shared(workshop.source()).token(for: request)
        let lock = workshop.directory.path + "/" + (workshop.files.first { $0.hasSuffix(".lock") } ?? "")
        try FileManager.default.removeItem(atPath: lock)
        try FileManager.default.createSymbolicLink(atPath: lock, withDestinationPath: workshop.base + "/elsewhere")
        try FileManager.default.removeItem(atPath: workshop.entry)
        let second = workshop.source()
        _ = try await workshop.shared(second).token(for: request)
        #expect(workshop.mode(lock) == 0o600)
        #expect(!FileManager.default.fileExists(atPath: workshop.base + "/elsewhere"))
    }

    private func apply(_ damage: Damage, to path: String) throws {
        let text = try String(contentsOfFile: path, encoding: .utf8)
        func rewrite(_ text: String) throws {
            try Data(text.utf8).write(to: URL(fileURLWithPath: path))
            chmod(path, 0o600)
        }
        func replacing(_ pattern: String, by new: String) throws {
            let changed = text.replacingOccurrences(of: pattern, with: new, options: .regularExpression)
            #expect(changed != text)
            try rewrite(changed)
        }
        switch damage {
        case .truncated: try rewrite(String(text.dropLast(40)))
        case .empty: try rewrite("")
        case .garbage: try rewrite("\u{0}\u{1}not JSON")
        case .worldReadable: chmod(path, 0o644)
        case .groupWritable: chmod(path, 0o620)
        case .symbolicLink:
            try FileManager.default.moveItem(atPath: path, toPath: workshop.base + "/moved")
            try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: workshop.base + "/moved")
        case .pipe:
            unlink(path)
            mkfifo(path, 0o600)
        case .directory:
            unlink(path)
            mkdir(path, 0o700)
            rmdir(path)
            try rewrite("{}")
        case .foreignOwner: #expect(chown(path, 65_534, 65_534) == 0)
        case .futureDated: try replacing(#""obtainedAt":(\d+)"#, by: #""obtainedAt":9$1"#)
        case .tooLong: try replacing(#""expiresAt":(\d+)"#, by: #""expiresAt":9$1"#)
        case .otherVersion: try replacing(#""version":1"#, by: #""version":2"#)
        case .otherKey: try replacing(#""identity":"me""#, by: #""identity":"you""#)
        case .lineBreakInSecret: try replacing("s3cr3t-1", by: #"s3cr3t\\nX"#)
        case .tooLarge: try rewrite(text + String(repeating: " ", count: 1 << 18))
        }
    }
}
