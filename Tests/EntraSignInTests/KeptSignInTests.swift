import CredentialTesting
import FoundationEssentials
import Testing
import TokenCredentials

@testable import EntraSignIn

@Suite struct `The sign-in that is kept` {
    private let reports = Reports()

    private func kept(_ store: MemorySecretStore) -> KeptSignIn {
        KeptSignIn(in: store, profile: "default", reporting: { [reports] in reports.add($0) })
    }

    @Test func `is found again under its profile and no other`() async throws {
        let store = MemorySecretStore()
        await kept(store).keep(signIn())
        #expect(try await kept(store).read() == signIn())
        #expect(try await KeptSignIn(in: store, profile: "other").read() == nil)
        #expect(store[SecretKey(kind: "sign-in", profile: "default")] == signIn().document)
    }

    @Test func `lives in memory without a store`() async throws {
        let kept = KeptSignIn(in: nil, profile: "default")
        await kept.keep(signIn())
        #expect(try await kept.read() == signIn())
        #expect(try await KeptSignIn(in: nil, profile: "default").read() == nil)
    }

    @Test func `is removed and reported when it is damaged`() async throws {
        let store = MemorySecretStore([key: "half of a {"])
        #expect(try await kept(store).read() == nil)
        #expect(store[key] == nil)
        #expect(
            reports.all.map(\.problem) == [
                "the sign-in kept for profile \"default\" is not the JSON of a sign-in, and was removed"
            ])
    }

    @Test func `is left alone when a later version wrote it`() async throws {
        let store = MemorySecretStore([key: #"{"version":2,"refreshToken":"hush"}"#])
        #expect(try await kept(store).read() == nil)
        #expect(store.writes.isEmpty)
        #expect(reports.all.count == 1)
        #expect(!everythingShown(of: reports.all).contains("hush"))
    }

    @Test func `is refused and reported where it could not be read again`() async throws {
        let store = MemorySecretStore([key: signIn("hush-1").document])
        let long = signIn("hush-" + String(repeating: "x", count: 900_000))
        await kept(store).keep(long)
        await kept(store).replace(signIn("hush-1"), with: long)
        #expect(store[key] == signIn("hush-1").document)
        #expect(reports.all.count == 2)
        #expect(reports.all.allSatisfy { $0.problem.contains("900") && $0.problem.contains("131072") })
        #expect(!everythingShown(of: reports.all).contains("hush"))
    }

    @Test func `is replaced only where it is still the one in use`() async {
        for (stored, expected) in [
            (signIn("hush-1").document, signIn("hush-2").document),
            (signIn("hush-9").document, signIn("hush-9").document),
        ] {
            let store = MemorySecretStore([key: stored])
            await kept(store).replace(signIn("hush-1"), with: signIn("hush-2"))
            #expect(store[key] == expected)
        }
    }

    @Test func `does not come back after it was forgotten`() async {
        let store = MemorySecretStore()
        await kept(store).replace(signIn("hush-1"), with: signIn("hush-2"))
        #expect(store[key] == nil)
    }

    @Test func `is forgotten only where it is the one refused`() async {
        let store = MemorySecretStore([key: signIn("hush-2").document])
        await kept(store).forget(signIn("hush-1"))
        #expect(store[key] != nil)
        await kept(store).forget(signIn("hush-2"))
        #expect(store[key] == nil)
    }

    @Test(arguments: [
        SecretStoreError.absent("no session bus"), .locked("the login collection"), .failed("no answer in 5 s"),
    ])
    func `is reported, and no more, where the store does not serve`(_ fault: SecretStoreError) async throws {
        let store = MemorySecretStore([key: signIn().document])
        store.setFault(fault, when: .reading)
        store.setFault(fault, when: .writing)
        #expect(try await kept(store).read() == nil)
        await kept(store).keep(signIn())
        #expect(reports.all.count == 2)
        #expect(reports.all.allSatisfy { $0.remedy != nil && $0.cause as? SecretStoreError == fault })
        #expect(!everythingShown(of: reports.all).contains("hush"))
    }

    @Test func `stops with the task that reads it`() async {
        let store = MemorySecretStore()
        store.setFault(.cancelled, when: .reading)
        await #expect(throws: CredentialError.self) { try await kept(store).read() }
        #expect(reports.all.isEmpty)
    }

    @Test func `is written even if the task has been cancelled`() async {
        let store = MemorySecretStore()
        let kept = kept(store)
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            await kept.keep(signIn())
        }
        await task.value
        #expect(store[key] == signIn().document)
    }
}
