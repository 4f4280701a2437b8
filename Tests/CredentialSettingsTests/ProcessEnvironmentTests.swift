import Configuration
import CredentialSettings
import EntraCredentials
import Testing
import TokenCredentials

@Suite struct `Settings from a configuration` {
    func environment(
        _ values: [AbsoluteConfigKey: ConfigValue], over variables: ProcessEnvironment = [:]
    ) -> ProcessEnvironment {
        ProcessEnvironment(ConfigReader(provider: InMemoryProvider(values: values)), over: variables)
    }

    @Test func `stand in for variables, and go before them`() {
        let found = environment(
            [
                "azure.client.id": "from a file", "azure.client.secret": .init("s3cr3t", isSecret: true),
                "azure.tenant.id": "",
                "azure.additionally.allowed.tenants": .init(.stringArray(["a", "b"]), isSecret: false),
                "path": "/elsewhere",
            ],
            over: ["AZURE_CLIENT_ID": "from a variable", "AZURE_TENANT_ID": "t", "PATH": "/bin"])
        #expect(found["AZURE_CLIENT_ID"] == "from a file")
        #expect(found["AZURE_CLIENT_SECRET"] == "s3cr3t")
        #expect(found["AZURE_TENANT_ID"] == "t")
        #expect(found["AZURE_ADDITIONALLY_ALLOWED_TENANTS"] == "a;b")
        #expect(found["PATH"] == "/bin")
        #expect(!"\(found)".contains("s3cr3t"))
    }

    @Test(arguments: [
        ConfigValue("azure-cli, environment", isSecret: false),
        ConfigValue(.stringArray(["azure-cli", "environment"]), isSecret: false),
    ])
    func `choose the credentials`(_ list: ConfigValue) throws {
        let credential = try DefaultCredential(environment: environment(["passgres.credentials": list]))
        #expect(credential.chain.credentials.map(\.name) == ["azure-cli", "environment"])
    }

    @Test func `are refused as variables are`() {
        let error = #expect(throws: CredentialError.self) {
            try DefaultCredential(environment: environment(["passgres.credentials": "azure-cly"]))
        }
        #expect(error?.diagnosis?.remedy?.hasPrefix("Did you mean azure-cli?") == true)
    }
}
