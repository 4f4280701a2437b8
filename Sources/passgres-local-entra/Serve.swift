import ArgumentParser
import Dispatch
import FoundationEssentials
import Glibc
import LocalEntra
import TokenCredentials

/// Starts the stand-in and serves until it is told to end.
struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Serve until SIGTERM or SIGINT.",
        discussion: """
            Prints the line "ready" once everything is served and DIRECTORY holds ca.pem, environment, \
            client-secret.environment and ready.json, which goes when it ends.
            """)

    @Option(help: "A JSON file with the directory and settings; without it a small demo directory is served.")
    var config: String?

    @Option(help: "Where to write the certificate, the environment and the addresses.")
    var directory: String

    @Option(help: "How many seconds access tokens live.")
    var tokenLifetime: Int?

    @Option(help: "The port of the token endpoint; 0 lets the system choose.")
    var authorityPort: UInt16?

    @Option(help: "The port of the metadata service; 0 lets the system choose.")
    var metadataPort: UInt16?

    @Option(help: "The port of the LDAP responder; 0 lets the system choose.")
    var ldapPort: UInt16?

    func validate() throws {
        if let tokenLifetime, !(1...1_000_000).contains(tokenLifetime) {
            throw ValidationError("--token-lifetime takes a number of seconds from 1 to 1000000.")
        }
    }

    func run() async throws {
        let key = KnownSecret(randomHexadecimal(bytes: 32))
        var configuration = try loadConfiguration()
        configuration.controlKey = key
        if let tokenLifetime { configuration.tokenLifetime = .seconds(tokenLifetime) }
        if let authorityPort { configuration.authorityPort = Int(authorityPort) }
        if let metadataPort { configuration.metadataPort = Int(metadataPort) }
        if let ldapPort { configuration.ldapPort = Int(ldapPort) }

        let signals = EndingSignals()
        let cloud = try await LocalCloud.start(configuration)
        do {
            let files = try WorkDirectory.create(directory)
            try files.write(cloud, controlKey: key)
            write("ready\n", to: STDOUT_FILENO)
            await signals.wait()
            files.forget()
        } catch {
            try? await cloud.shutdown()
            throw error
        }
        try await cloud.shutdown()
    }

    private func loadConfiguration() throws -> Configuration {
        guard let config else { return Configuration(tenant: .demo()) }
        guard let contents = try LocalFiles().contents(ofFile: config, limit: 1 << 20) else {
            throw ValidationError("there is no file \(config)")
        }
        do {
            return try JSONDecoder().decode(Configuration.self, from: contents)
        } catch let error as DecodingError {
            throw ValidationError("\(config) is not a configuration: \(Self.place(of: error))")
        }
    }

    /// Where a file is wrong, without what stands there.
    private static func place(of error: DecodingError) -> String {
        switch error {
        case .keyNotFound(let key, let context): path(context) + "\(key.stringValue) is missing"
        case .typeMismatch(let type, let context): path(context) + "a \(type) is expected"
        case .valueNotFound(let type, let context): path(context) + "a \(type) is expected"
        case .dataCorrupted(let context): path(context) + "this cannot be used"
        @unknown default: "it cannot be read"
        }
    }

    private static func path(_ context: DecodingError.Context) -> String {
        let names = context.codingPath.map { key in key.intValue.map { "[\($0)]" } ?? key.stringValue }
        return names.isEmpty ? "" : names.joined(separator: ".") + ": "
    }
}
