import AzureCLICredentials
import AzureDeveloperCLICredentials
import AzurePipelinesCredentials
import AzurePowerShellCredentials
import CommandCredentials
import CredentialHTTP
import CredentialObservability
import CredentialTesting
import DeviceCodeCredentials
import EnvironmentCredentials
import FoundationEssentials
import GitHubActionsCredentials
import SecretStoreCredentials
import TokenCredentials
import WorkloadIdentityCredentials

@testable import ManagedIdentityCredentials

/// All that is outside a credential, as a scenario describes it, and the registry that makes credentials within it.
final class ScenarioWorld: Sendable {
    let registry: CredentialRegistry
    let environment: ProcessEnvironment
    let clock: HastyClock
    let log = RecordedLog()
    private let setup: Setup
    private let http: ScriptedTransport
    private let commands: ScriptedRunner
    private let objections: Objections
    private let expected: (exchanges: Int, runs: Int)

    /// What was not as expected, in order.
    private final class Objections: Sendable {
        private let list = Guarded<[String]>([])
        var all: [String] { list.withLock { $0 } }
        func add(_ text: String) { list.withLock { $0.append(text) } }
    }

    init(_ scenario: Scenario) throws {
        let objections = Objections()
        let exchanges = try scenario.exchanges()
        let runs = try scenario.runs()
        let http = ScriptedTransport(
            exchanges.enumerated().map { number, exchange in
                @Sendable func answer(_ request: HTTPRequest) async throws(HTTPTransportError) -> HTTPResponse {
                    if let text = exchange.objection(to: request) { objections.add("request \(number + 1): \(text)") }
                    return try exchange.answer()
                }
                return answer
            })
        let commands = ScriptedRunner(
            programs: runs.programs,
            answers: runs.runs.enumerated().map { number, run in
                @Sendable func answer(_ command: Command) async throws(CommandError) -> CommandOutput {
                    if let text = run.objection(to: command) { objections.add("run \(number + 1): \(text)") }
                    return try run.ending()
                }
                return answer
            })
        setup = try scenario.setup()
        environment = ProcessEnvironment(try scenario.environment())
        clock = HastyClock(now: setup.start)
        self.objections = objections
        self.http = http
        self.commands = commands
        expected = (exchanges.count, runs.runs.count)
        let files = MemoryFiles(try scenario.files())
        for path in setup.faults?.keys.sorted() ?? [] { files.setFault(setup.fault(at: path), at: path) }
        registry = Self.registry(setup, files, http, commands, clock)
    }

    /// Every credential by its name, as the standard registry has them, with this world in place of the real one.
    private static func registry(
        _ setup: Setup, _ files: MemoryFiles, _ http: ScriptedTransport, _ commands: ScriptedRunner, _ clock: HastyClock
    ) -> CredentialRegistry {
        var registry = CredentialRegistry()
        registry.register("environment") {
            EnvironmentCredential(environment: $0, files: files, http: http, clock: clock)
        }
        registry.register("workload-identity") {
            WorkloadIdentityCredential(environment: $0, files: files, http: http, clock: clock)
        }
        let identity = setup.identity.map { id in
            id.hasPrefix("/") ? ManagedIdentity.resourceID(id) : ManagedIdentity.objectID(id)
        }
        let keys = ScenarioKeys(files: files)
        registry.register(
            "managed-identity",
            whenAlone: {
                ManagedIdentityCredential(
                    identity, environment: $0, files: files, http: http, clock: clock, patience: .persistent,
                    keys: keys)
            },
            {
                ManagedIdentityCredential(
                    identity, environment: $0, files: files, http: http, clock: clock,
                    patience: .probing(.seconds(1)), keys: keys)
            })
        registry.register("azure-cli") { AzureCLICredential(environment: $0, commands: commands, clock: clock) }
        registry.register("azure-developer-cli") {
            AzureDeveloperCLICredential(environment: $0, commands: commands, clock: clock)
        }
        registry.register("azure-powershell") {
            AzurePowerShellCredential(environment: $0, commands: commands, clock: clock)
        }
        registry.register("azure-pipelines") { AzurePipelinesCredential(environment: $0, http: http, clock: clock) }
        registry.register("github-actions") { GitHubActionsCredential(environment: $0, http: http, clock: clock) }
        registry.register("command") { CommandCredential(environment: $0, commands: commands, clock: clock) }
        let kept = setup.kept.flatMap { try? JSONEncoder().encode($0) }.map { String(decoding: $0, as: UTF8.self) }
        let store = MemorySecretStore(kept.map { [SecretKey(kind: "sign-in", profile: "default"): $0] } ?? [:])
        store.setFault(setup.storeFault, when: .reading)
        registry.register("secret-store") {
            SecretStoreCredential(environment: $0, store: store, http: http, clock: clock)
        }
        let prompt: DeviceCodeCredential.Prompt = { _ in }
        let person = setup.person == true ? prompt : nil
        registry.register("device-code") { _ in
            DeviceCodeCredential(keepingSignInIn: store, http: http, clock: clock, prompt: person)
        }
        return registry
    }

    /// The credential of that name, chosen as a list of names chooses it, with every answer logged.
    func credential(_ name: String) throws -> any TokenCredential {
        var registry = registry
        registry.register("another") { _ in StubCredential("another", .failure(.unavailable("is never asked"))) }
        let chain = try registry.chain(setup.alone == true ? [name] : [name, "another"], environment: environment)
        return chain.credentials[0]
    }

    /// Asks a credential as the scenario says.
    func outcome(of credential: any TokenCredential) async -> Result<AccessToken, CredentialError> {
        do throws(CredentialError) {
            return .success(try await credential.logged(to: log.logger).token(for: setup.request))
        } catch {
            return .failure(error)
        }
    }

    /// What was not as the scenario says: a request or a run that differs, one too many, one too few.
    var deviations: [String] {
        var all = objections.all
        all += http.requests.dropFirst(expected.exchanges).map {
            "an unexpected request:\n  " + ExpectedExchange.lines(of: $0).joined(separator: "\n  ")
        }
        if http.unused > 0 { all.append("\(http.unused) of \(expected.exchanges) exchanges were not used") }
        all += commands.commands.dropFirst(expected.runs).map {
            "an unexpected run:\n  " + ([$0.program] + $0.arguments).joined(separator: "\n  ")
        }
        if commands.unused > 0 { all.append("\(commands.unused) of \(expected.runs) runs were not used") }
        return all
    }

    /// Everything that somebody else could see of what was done.
    var exposed: [String] {
        log.lines + http.requests.map { everythingShown(of: $0) } + commands.commands.map { everythingShown(of: $0) }
    }
}

/// The key files of the Arc agent, from a scenario's files.
struct ScenarioKeys: KeyDirectory {
    let files: MemoryFiles
    let path = ArcChallenge.directory

    func key(named name: String) throws(KeyFileError) -> [UInt8] {
        let contents: Data?
        do throws(FileError) {
            contents = try files.contents(ofFile: "\(path)/\(name)", limit: 4096)
        } catch {
            guard case .system(let code) = error.reason else { throw .notARegularFile }
            throw KeyFileError(errno: code)
        }
        guard let contents else { throw .absent }
        return Array(contents)
    }
}
