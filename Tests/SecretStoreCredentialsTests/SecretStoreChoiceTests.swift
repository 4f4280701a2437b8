import CredentialTesting
import Foundation
import SecretStoreCredentials
import Testing
import TokenCredentials

@Suite struct `The choice of a store` {
    @Test(arguments: SecretStoreChoice.Kind.allCases)
    func `follows the name somebody gave`(kind: SecretStoreChoice.Kind) async throws {
        let environment: ProcessEnvironment = [
            "PASSGRES_SECRET_STORE": " \(kind.rawValue.uppercased()) ", "HOME": "/h",
        ]
        let choice = try await SecretStoreChoice.forKeeping(environment: environment)
        #expect(choice.kind == kind)
        #expect(choice.reason == "PASSGRES_SECRET_STORE names it")
        #expect(try SecretStoreChoice.forFinding(environment: environment).map(\.kind) == [kind])
    }

    @Test func `lets an option go before the variable`() async throws {
        let environment: ProcessEnvironment = ["PASSGRES_SECRET_STORE": "memory", "HOME": "/h"]
        let choice = try await SecretStoreChoice.forKeeping(in: .file, environment: environment)
        #expect(choice.place == "the file /h/.local/state/passgres/secrets.json")
        #expect(choice.reason == "it was asked for by name")
    }

    @Test(arguments: [["PASSGRES_SECRET_STORE": "cloud"], ["PASSGRES_SECRET_STORE": "file"]])
    func `fails for a name it cannot follow`(variables: [String: String]) async throws {
        let environment = ProcessEnvironment(variables)
        let error = try await #require(throws: CredentialError.self) {
            try await SecretStoreChoice.forKeeping(environment: environment)
        }
        #expect(error.diagnosis?.kind == .misconfigured)
        #expect(throws: CredentialError.self) { try SecretStoreChoice.forFinding(environment: environment) }
    }

    @Test func `finds a file only where there is one`() async throws {
        let base = FileManager.default.temporaryDirectory.path + "/passgres-test-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: base) }
        let environment: ProcessEnvironment = ["XDG_STATE_HOME": base]
        #expect(try SecretStoreChoice.forFinding(environment: environment).map(\.kind) == [.secretService])
        try await FileSecretStore(environment: environment)?.set("x", for: SecretKey(kind: "a", profile: "b"))
        #expect(try SecretStoreChoice.forFinding(environment: environment).map(\.kind) == [.secretService, .file])
    }
}

@Suite struct `The secret service` {
    @Test(arguments: ["", "a\nb", "a\u{7}b", String(repeating: "x", count: 256)])
    func `is not asked for a name that is none`(profile: String) async throws {
        let error = try await #require(throws: SecretStoreError.self) {
            try await LibsecretStore().secret(for: SecretKey(kind: "test", profile: profile))
        }
        guard case .failed(let words) = error else {
            Issue.record("\(error)")
            return
        }
        #expect(words.hasSuffix("is no name for a secret"))
    }

    @Test func `is not given a secret beyond every measure`() async throws {
        let error = try await #require(throws: SecretStoreError.self) {
            try await LibsecretStore().set(
                String(repeating: "x", count: LibsecretStore.longestSecret + 1), for: SecretKey(kind: "a", profile: "b")
            )
        }
        guard case .failed = error else {
            Issue.record("\(error)")
            return
        }
    }
}
