import AzureCLICredentials
import CredentialObservability
import CredentialTesting
import Foundation
import Logging
import ManagedIdentityCredentials
import PostgresCredentials
import Testing
import TokenCredentials

@testable import PassgresCommands

@Suite struct `A token that commands share` {
    /// Says by its token how often it was asked.
    private final class Machine: TokenCredential {
        let name = "managed-identity"
        private let asked = Guarded(0)

        func token(for request: TokenRequest) async throws(CredentialError) -> AccessToken {
            let number = asked.withLock { count in
                count += 1
                return count
            }
            return AccessToken(secret: "eyJ\(number)", expiresAt: Date(timeIntervalSinceNow: 3_600))
        }
    }

    @Test(arguments: [
        "AZURE_CLIENT_ID", "DEFAULT_IDENTITY_CLIENT_ID", "IDENTITY_ENDPOINT", "IMDS_ENDPOINT", "MSI_ENDPOINT",
        "AZURE_POD_IDENTITY_AUTHORITY_HOST", "PASSGRES_MANAGED_IDENTITY", "AZURE_AUTHORITY_HOST",
    ])
    func `is not another identity's, whatever names that`(variable: String) async throws {
        let path = FileManager.default.temporaryDirectory.path + "/passgres-test-\(UUID().uuidString)"
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
        defer { try? FileManager.default.removeItem(atPath: path) }
        let machine = Machine()
        func secret(_ value: String) async throws -> String {
            let environment = ProcessEnvironment(["XDG_RUNTIME_DIR": path, variable: value])
            let members = SharedMembers(environment: environment) { Issue.record("\($0)") }
            let credential = members.sharing(ManagedIdentityCredential(environment: environment), as: machine)
            return try await credential.token(for: TokenRequest("https://db.example/.default")).secret
        }
        #expect(try await secret("one") == "eyJ1")
        #expect(try await secret("two") == "eyJ2")
        #expect(try await secret("one") == "eyJ1")
    }

    @Test func `is not shared by a credential that cannot say whose it is`() async throws {
        let members = SharedMembers(environment: ["XDG_RUNTIME_DIR": "/nonexistent"]) { Issue.record("\($0)") }
        // Nobody has signed in to az in that place.
        let az = AzureCLICredential(environment: ["AZURE_CONFIG_DIR": "/nonexistent"])
        let machine = Machine()
        for credential in [az, machine] as [any TokenCredential] {
            let shared = members.sharing(credential, as: machine)
            let first = try await shared.token(for: TokenRequest("https://db.example/.default")).secret
            #expect(try await shared.token(for: TokenRequest("https://db.example/.default")).secret != first)
        }
    }
}

@Suite struct `A token that a server turned down` {
    /// Keeps its token until it is told to forget it.
    private final class Keeper: TokenKeeping {
        let name = "keeper"
        private let state = Guarded((number: 1, told: [AccessToken?]()))
        var told: [AccessToken?] { state.withLock { $0.told } }

        func token(for request: TokenRequest) async throws(CredentialError) -> AccessToken {
            AccessToken(
                secret: "eyJ\(state.withLock { $0.number })", expiresAt: Date(timeIntervalSince1970: 4_000_000_000))
        }

        func forgetToken(for request: TokenRequest, ifStill token: AccessToken?) async {
            state.withLock { state in
                state.told.append(token)
                state.number += 1
            }
        }
    }

    private static let wrappers: [(String, @Sendable (any TokenCredential) -> any TokenCredential)] = [
        ("log", { $0.logged(to: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }) }),
        ("metrics", { MeasuredCredential($0, as: "test") }), ("trace", { TracedCredential($0) }),
        ("notice", { AnnouncedCredential(base: $0, notice: WaitNotice(quiet: true)) }),
        ("last token", { LastToken($0) }), ("chain", { CredentialChain($0) }), ("cache", { CachedCredential($0) }),
        ("second cache", { CachedCredential(CachedCredential($0)) }),
        (
            "all",
            {
                AnnouncedCredential(
                    base: MeasuredCredential($0.logged(to: Logger(label: "x")), as: "t"),
                    notice: WaitNotice(quiet: true))
            }
        ),
    ]

    @Test(arguments: wrappers.indices) func `is forgotten through every wrapper`(_ index: Int) async throws {
        let keeper = Keeper()
        let (name, wrap) = Self.wrappers[index]
        let credential = wrap(keeper)
        let request = TokenRequest("https://db.example/.default")
        let token = try await credential.token(for: request)
        #expect(token.secret == "eyJ1")
        #expect(credential.keepsTokens, "\(name)")
        await credential.forgetToken(for: request, ifStill: token)
        #expect(keeper.told.map { $0?.secret } == ["eyJ1"], "\(name)")
        #expect(try await credential.token(for: request).secret == "eyJ2", "\(name)")
    }
}
