import CredentialTesting
import Testing
import TokenCredentials

@Suite struct `A credential registry` {
    var registry: CredentialRegistry {
        var registry = CredentialRegistry()
        for name in ["environment", "managed-identity", "azure-cli"] {
            registry.register(name) { _ in StubCredential(name, .failure(.unavailable("no"))) }
        }
        return registry
    }

    @Test func `builds the chain a list describes, in its order`() throws {
        let chain = try registry.chain(" azure-cli , Environment", environment: [:])
        #expect(chain.credentials.map(\.name) == ["azure-cli", "environment"])
    }

    @Test(arguments: [
        ("managed-idenity", #"no credential is called "managed-idenity""#, "Did you mean managed-identity?"),
        ("vault", #"no credential is called "vault""#, "Known here: environment, managed-identity, azure-cli."),
        ("", "the list of credentials is empty", "Name at least one of"),
        (",,", "the list of credentials is empty", "Name at least one of"),
        ("azure-cli,azure-cli", "the list of credentials names azure-cli twice", "Name it once."),
        ("a\u{1b}[31m", #"no credential is called "a\u001b[31m""#, "Known here"),
    ])
    func `refuses a list it cannot read, and says what it knows`(list: String, problem: String, remedy: String) {
        let error = #expect(throws: CredentialError.self) { try registry.chain(list, environment: [:]) }
        #expect(error?.kind == "failed")
        #expect(error?.diagnosis?.problem == problem)
        #expect(error?.diagnosis?.remedy?.contains(remedy) == true)
    }

    @Test func `makes the patient form of a credential that is named alone`() throws {
        var registry = registry
        registry.register(
            "managed-identity", whenAlone: { _ in StubCredential("patient", .failure(.cancelled)) },
            { _ in StubCredential("hasty", .failure(.cancelled)) })
        #expect(try registry.chain("managed-identity", environment: [:]).credentials[0].name == "patient")
        #expect(try registry.chain("environment,managed-identity", environment: [:]).credentials[1].name == "hasty")
        #expect(registry.names == ["environment", "managed-identity", "azure-cli"])
    }

    @Test func `hands each credential the environment`() throws {
        var registry = CredentialRegistry()
        registry.register("vault") { StubCredential($0["VAULT"] ?? "none", .failure(.cancelled)) }
        #expect(try registry.chain("vault", environment: ["VAULT": "there"]).credentials[0].name == "there")
    }

    @Test func `looks elsewhere for a name that nobody registered`() throws {
        var registry = registry
        registry.resolveOtherNames(listing: { _ in ["vault", "azure-cli"] }) { name, environment in
            name == "vault" ? StubCredential(environment["VAULT"] ?? "none", .failure(.cancelled)) : nil
        }
        let chain = try registry.chain("azure-cli,vault", environment: ["VAULT": "a program"])
        #expect(chain.credentials.map(\.name) == ["azure-cli", "a program"])
        #expect(registry.names == ["environment", "managed-identity", "azure-cli"])
        #expect(registry.otherNames(in: [:]) == ["vault"])
        let error = #expect(throws: CredentialError.self) { try registry.chain("vaults", environment: [:]) }
        #expect(
            error?.diagnosis?.remedy
                == "Did you mean vault? Known here: environment, managed-identity, azure-cli, vault.")
    }

    @Test func `is a value`() {
        var copy = registry
        copy.remove("environment")
        #expect(registry.names.count == 3)
        #expect(copy.names == ["managed-identity", "azure-cli"])
    }
}
