import ArgumentParser
import EntraCredentials
import TokenCredentials

/// `passgres credentials`: every registered name, and whether it is set up here; or a check of a program.
struct CredentialsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "credentials", abstract: "List every credential, and whether it is set up here.",
        subcommands: [CredentialsListCommand.self, CredentialsCheckCommand.self],
        defaultSubcommand: CredentialsListCommand.self)
}

/// `passgres credentials list`, the default.
struct CredentialsListCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List every credential, and whether it is set up here.")

    @Option(help: "text or json.")
    var output: ReportFormat = .text

    @OptionGroup var options: CredentialOptions
    @OptionGroup var common: CommonOptions

    private struct Row {
        let name: String
        /// Unknown where only asking will tell.
        let isConfigured: Bool?
        let by: String?
    }

    func perform() async throws {
        let rows: [Row]
        do throws(CredentialError) {
            rows = try findings()
        } catch {
            throw CommandFailure(error)
        }
        switch output {
        case .text:
            let width = rows.map(\.name.count).max() ?? 0
            for row in rows {
                let state = row.isConfigured.map { $0 ? "configured" : "not configured" } ?? "asked when needed"
                Terminal.standardOutput.write(
                    "\(row.name.padded(to: width))  \(state.padded(to: 17))  \(row.by ?? "")\n")
            }
        case .json:
            try printJSON(
                .object([
                    "credentials": .array(
                        rows.map { row in
                            .object([
                                "name": .string(row.name), "configured": row.isConfigured.map { .bool($0) } ?? .null,
                                "by": JSONValue(row.by),
                            ])
                        })
                ]))
        }
    }

    /// The credentials in the order in which they would be asked, then those that are asked only by name, programs last.
    private func findings() throws(CredentialError) -> [Row] {
        let registry = CredentialRegistry.tool
        let environment = options.environment(for: [])
        try KnownVariable.check(environment)
        let asked = try DefaultCredential(registry: registry, environment: environment).chain.credentials
        let others = (registry.names + registry.otherNames(in: environment)).filter { name in
            !asked.contains { $0.name == name }
        }
        let unasked = try others.map { (name) throws(CredentialError) in
            try registry.chain([name], environment: environment).credentials
        }
        return (asked + unasked.joined()).map { credential in
            switch (credential as? any ConfiguredCredential)?.configuration {
            case .configured(let by): Row(name: credential.name, isConfigured: true, by: by)
            case .notConfigured(let missing): Row(name: credential.name, isConfigured: false, by: missing)
            case .unknown(let what): Row(name: credential.name, isConfigured: nil, by: what)
            case nil: Row(name: credential.name, isConfigured: nil, by: nil)
            }
        }
    }
}
