import CredentialTesting
import SecretStoreCredentials
import Testing
import TokenCredentials

@Suite struct `A named secret` {
    private func diagnosis(_ body: () async throws -> Void) async throws -> Diagnosis {
        let error = try await #require(throws: CredentialError.self) { try await body() }
        #expect(!everythingShown(of: error).contains("hush"))
        guard case .failed(let diagnosis) = error else {
            Issue.record("\(error)")
            return Diagnosis("")
        }
        return diagnosis
    }

    @Test(arguments: ["a", "orders", "pfx/2026", "A.b_c-d@e:f+9", String(repeating: "x", count: 128)])
    func `has a name that can stand in a command`(name: String) throws {
        #expect(try NamedSecret(name).name == name)
    }

    @Test(arguments: [
        "", " ", "-x", ".x", "/x", "two words", "a\nb", "a\u{0}b", "a'b", "a$b", "é", "a\u{202e}b",
        String(repeating: "x", count: 129),
    ])
    func `has no other name`(name: String) async throws {
        let diagnosis = try await diagnosis { _ = try NamedSecret(name) }
        #expect(diagnosis.kind == .misconfigured)
        #expect(diagnosis.problem.hasSuffix("is no name for a secret"))
        #expect(!diagnosis.problem.contains("\n") && !diagnosis.problem.contains("\u{0}"))
    }

    @Test func `is kept, found and forgotten in any store`() async throws {
        let folder = try Folder()
        let stores: [any SecretListing] = [
            MemorySecretStore(), FileSecretStore(path: folder.path + "/passgres/secrets.json"),
        ]
        for store in stores {
            let (orders, pfx) = (try NamedSecret("orders"), try NamedSecret("pfx/2026"))
            #expect(try await NamedSecret.all(in: store).isEmpty)
            #expect(try await orders.find(in: store) == nil)
            #expect(try await !orders.forget(in: store))
            try await orders.store("hush-1", in: store)
            try await pfx.store(String(repeating: "é", count: 32_768), in: store)
            try await orders.store("hush-2", in: store)
            // What others keep beside them is none of theirs.
            try await store.set("{}", for: SecretKey(kind: "sign-in", profile: "default"))
            #expect(try await NamedSecret.all(in: store) == [orders, pfx])
            #expect(try await orders.find(in: store) == "hush-2")
            #expect(try await pfx.find(in: store)?.utf8.count == 65_536)
            #expect(try await orders.forget(in: store))
            #expect(try await NamedSecret.all(in: store) == [pfx])
            #expect(try await store.profiles(ofKind: "sign-in") == ["default"])
            #expect(!everythingShown(of: store).contains("hush"))
        }
    }

    @Test func `is listed only where its name is one`() async throws {
        let store = MemorySecretStore([
            SecretKey(kind: "secret", profile: "a\u{1b}[2J"): "x", SecretKey(kind: "secret", profile: "b"): "y",
        ])
        #expect(try await NamedSecret.all(in: store).map(\.name) == ["b"])
    }

    @Test(arguments: ["", "hush\n", "hush\u{0}", "\u{1b}hush", String(repeating: "x", count: 65_537)])
    func `is not stored if it is no secret`(text: String) async throws {
        let store = MemorySecretStore()
        let diagnosis = try await diagnosis { try await NamedSecret("orders").store(text, in: store) }
        #expect(diagnosis.kind == .misconfigured)
        #expect(store.writes.isEmpty)
    }

    @Test(arguments: [
        (SecretStoreError.absent("there is no session bus"), Diagnosis.Kind.misconfigured, "--keep-in file"),
        (.locked("its default collection is locked"), .signInNeeded, "Unlock the keyring"),
        (.hidden("it shows nothing"), .signInNeeded, "Unlock the keyring"),
        (.failed("it did not answer"), .temporary, "Look after"),
    ])
    func `says why a store does not take it, or does not give it back`(
        fault: SecretStoreError, kind: Diagnosis.Kind, remedy: String
    ) async throws {
        let store = MemorySecretStore()
        store.setFault(fault, when: .writing)
        store.setFault(fault, when: .reading)
        let writing = try await diagnosis { try await NamedSecret("orders").store("hush", in: store) }
        let reading = try await diagnosis { _ = try await NamedSecret.lookup(in: store)("orders") }
        for diagnosis in [writing, reading] {
            #expect(diagnosis.kind == kind)
            #expect(diagnosis.remedy?.contains(remedy) == true)
            #expect(diagnosis.problem.contains("orders"))
        }
        store.setFault(.cancelled, when: .reading)
        let error = await #expect(throws: CredentialError.self) { try await NamedSecret.lookup(in: store)("orders") }
        guard case .cancelled? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test func `that is not there comes with the command that stores it`() async throws {
        let diagnosis = try await diagnosis { _ = try await NamedSecret.lookup(in: MemorySecretStore())("orders") }
        #expect(diagnosis.kind == .misconfigured)
        #expect(diagnosis.problem == "no secret is kept under the name orders")
        #expect(diagnosis.remedy == "Store it: passgres secret store orders.")
        let name = try await self.diagnosis { _ = try await NamedSecret.lookup(in: MemorySecretStore())("a b") }
        #expect(name.problem == #""a b" is no name for a secret"#)
    }

    @Test func `is looked for where the machine keeps secrets`() async throws {
        let folder = try Folder()
        let environment: ProcessEnvironment = ["PASSGRES_SECRET_STORE": "file", "XDG_STATE_HOME": folder.path]
        let find = NamedSecret.lookup(environment: environment)
        _ = try await diagnosis { _ = try await find("orders") }
        let file = try #require(FileSecretStore(environment: environment))
        try await NamedSecret("orders").store("hush", in: file)
        #expect(try await find("orders") == "hush")
        #expect(try await NamedSecret("orders").finding(in: file)() == "hush")
    }
}
