import CredentialTesting
import Testing
import TokenCredentials

@testable import ManagedIdentityCredentials

@Suite struct `The kind of host` {
    static let agent = ["/opt/azcmagent/bin/himds": "ELF"]
    static let all: ProcessEnvironment = [
        "IDENTITY_ENDPOINT": "e", "IDENTITY_HEADER": "h", "IDENTITY_SERVER_THUMBPRINT": "t", "IMDS_ENDPOINT": "i",
        "MSI_ENDPOINT": "m", "MSI_SECRET": "s", "DEFAULT_IDENTITY_CLIENT_ID": "d",
        "AZURE_POD_IDENTITY_AUTHORITY_HOST": "p",
    ]

    static func all(without names: String...) -> ProcessEnvironment {
        var environment = all
        for name in names { environment[name] = nil }
        return environment
    }

    static let cases: [(ProcessEnvironment, [String: String], IdentityHost)] = [
        (all, agent, .serviceFabric(.init(endpoint: "e", secret: "h", extra: "t"))),
        (all(without: "IDENTITY_SERVER_THUMBPRINT"), agent, .appService(.init(endpoint: "e", secret: "h"))),
        (all(without: "IDENTITY_HEADER"), agent, .arc(endpoint: "e")),
        (
            all(without: "IDENTITY_HEADER", "IMDS_ENDPOINT"), agent,
            .machineLearning(.init(endpoint: "m", secret: "s", extra: "d"))
        ),
        (all(without: "IDENTITY_ENDPOINT"), agent, .machineLearning(.init(endpoint: "m", secret: "s", extra: "d"))),
        (all(without: "IDENTITY_ENDPOINT", "MSI_SECRET"), agent, .cloudShell(endpoint: "m")),
        (all(without: "IDENTITY_ENDPOINT", "MSI_ENDPOINT"), agent, .imds(address: "p")),
        (
            all(without: "IDENTITY_ENDPOINT", "MSI_ENDPOINT", "AZURE_POD_IDENTITY_AUTHORITY_HOST"), agent,
            .arc(endpoint: nil)
        ),
        (["IDENTITY_ENDPOINT": "e"], agent, .arc(endpoint: "e")),
        (["IDENTITY_ENDPOINT": "e"], [:], .incomplete),
        (["IDENTITY_HEADER": "h", "IMDS_ENDPOINT": "i", "MSI_SECRET": "s"], [:], .imds(address: nil)),
        (["IDENTITY_ENDPOINT": "", "MSI_ENDPOINT": ""], [:], .imds(address: nil)),
        (["AZURE_POD_IDENTITY_AUTHORITY_HOST": "p"], [:], .imds(address: "p")),
        ([:], [:], .imds(address: nil)),
    ]

    @Test(arguments: cases)
    func `is told by variables first and by the agent's file then`(
        _ environment: ProcessEnvironment, _ files: [String: String], _ expected: IdentityHost
    ) {
        #expect(IdentityHost(environment: environment, files: MemoryFiles(files)) == expected)
    }

    @Test(arguments: [
        (FileError.Reason.system(errno: 13), IdentityHost.arc(endpoint: nil)),
        (.system(errno: 1), .arc(endpoint: nil)), (.tooLarge(limit: 0), .arc(endpoint: nil)),
        (.notARegularFile, .imds(address: nil)), (.system(errno: 20), .imds(address: nil)),
    ])
    func `is Arc too where the agent's file may not be read`(_ fault: FileError.Reason, _ expected: IdentityHost) {
        let files = MemoryFiles()
        files.setFault(fault, at: "/opt/azcmagent/bin/himds")
        #expect(IdentityHost(environment: [:], files: files) == expected)
    }

    @Test func `fails where the endpoint's variable stands alone`() async {
        let http = ScriptedTransport()
        let outcome = await World.credential(nil, ["IDENTITY_ENDPOINT": "http://127.0.0.1:9"], http: http).outcome()
        #expect(outcome.word == "failed")
        #expect(
            outcome.diagnosis?.problem == "IDENTITY_ENDPOINT is set, and neither IDENTITY_HEADER nor IMDS_ENDPOINT is")
        #expect(http.requests.isEmpty)
    }

    @Test func `is reported without asking anybody`() {
        let http = ScriptedTransport()
        func configuration(
            _ environment: ProcessEnvironment, _ files: [String: String] = [:],
            _ patience: ManagedIdentityCredential.Patience = .probing(.seconds(1))
        ) -> CredentialConfiguration {
            World.credential(nil, environment, http: http, files: MemoryFiles(files), patience: patience).configuration
        }
        let laptop = [MachineTag.path: "No Asset Tag\n"]
        #expect(configuration([:]) == .unknown("IMDS at http://169.254.169.254 would be asked"))
        #expect(configuration([:], laptop, .persistent) == .unknown("IMDS at http://169.254.169.254 would be asked"))
        guard case .notConfigured(let reason) = configuration([:], laptop) else {
            Issue.record("a laptop is not configured")
            return
        }
        #expect(reason.hasPrefix("this machine is not an Azure one: "))
        #expect(
            configuration(World.imdsEnvironment, laptop)
                == .configured(by: "AZURE_POD_IDENTITY_AUTHORITY_HOST (IMDS)"))
        #expect(
            configuration(["IDENTITY_ENDPOINT": "http://e", "IDENTITY_HEADER": World.secret])
                == .configured(by: "IDENTITY_ENDPOINT and IDENTITY_HEADER (App Service)"))
        #expect(http.requests.isEmpty)
    }
}
