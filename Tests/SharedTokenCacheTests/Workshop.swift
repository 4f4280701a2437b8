import CredentialTesting
import Foundation
import SharedTokenCache
import TokenCredentials

/// A private directory with a shared cache in it, a clock that stands, and a credential that counts.
final class Workshop: Sendable {
    static let scope = "https://db.example/.default"
    let base: String
    let directory: SharedTokenDirectory
    let clock = ManualClock()
    let reports = Guarded<[String]>([])
    let gateFile = Guarded<Int32>(-1)

    init() throws {
        base = FileManager.default.temporaryDirectory.path + "/passgres-test-\(UUID().uuidString)"
        try FileManager.default.createDirectory(
            atPath: base, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
        directory = SharedTokenDirectory(base + "/passgres/tokens")
    }

    deinit { try? FileManager.default.removeItem(atPath: base) }

    /// A credential whose tokens are numbered and live an hour.
    func source(_ name: String = "stub") -> StubCredential {
        StubCredential(name) { [clock] (_, number) async throws(CredentialError) in
            AccessToken(secret: "s3cr3t-\(number)", expiresAt: clock.now.addingTimeInterval(3600))
        }
    }

    func shared(
        _ base: any TokenCredential, of identity: SharedTokenIdentity = SharedTokenIdentity("me"),
        patience: Duration = .seconds(20)
    ) -> SharedTokenCredential {
        SharedTokenCredential(
            base, of: identity, in: directory, patience: patience, clock: clock,
            reporting: { [self] diagnosis in reports.withLock { $0.append(diagnosis.description) } })
    }

    var files: [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: directory.path)) ?? []).sorted()
    }

    /// The one entry there is.
    var entry: String { directory.path + "/" + (files.first { $0.hasSuffix(".token") } ?? "none") }

    func mode(_ path: String) -> mode_t {
        var status = stat()
        return lstat(path, &status) == 0 ? status.st_mode & 0o7777 : 0
    }
}
