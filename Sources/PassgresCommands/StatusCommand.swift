import ArgumentParser
import EntraSignIn
import FoundationEssentials
import SecretStoreCredentials
import SharedTokenCache
import TokenCredentials

/// `passgres status`: who is signed in, and which tokens are kept where.
struct StatusCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Say who is signed in, where that is kept, and which tokens are kept.")

    @Option(help: "text or json.")
    var output: ReportFormat = .text

    @OptionGroup var common: CommonOptions

    private struct Found {
        let signIn: SignIn
        let store: String
    }

    func perform() async throws {
        let environment = ProcessEnvironment.current
        var found: [Found] = []
        var remarks: [String] = []
        for choice in try SecretStoreChoice.forFinding(environment: environment) {
            switch await KeptSignIn(in: choice.store, profile: "default").find() {
            case .signIn(let signIn): found.append(Found(signIn: signIn, store: choice.place))
            case .nothing: remarks.append("\(choice.place): nothing kept")
            case .unusable(let defect): remarks.append("\(choice.place): the sign-in kept \(defect)")
            case .unreachable(let error): remarks.append("\(choice.place): \(Self.words(error))")
            }
        }
        let directory = SharedTokenDirectory.standard(environment: environment)
        var tokens: [SharedToken] = []
        do throws(SharedTokenDirectory.Refusal) {
            tokens = try await directory.tokens()
        } catch {
            remarks.append("\(directory): \(error)")
        }
        switch output {
        case .json: try printJSON(document(found, tokens, directory))
        case .text: printText(found, tokens, directory, remarks)
        }
    }

    private func printText(
        _ found: [Found], _ tokens: [SharedToken], _ directory: SharedTokenDirectory, _ remarks: [String]
    ) {
        if found.isEmpty { Terminal.standardOutput.write("nobody is signed in (passgres login)\n") }
        for entry in found {
            Terminal.standardOutput.write(
                "signed in: \(entry.signIn.account ?? "somebody") in tenant \(entry.signIn.tenant), "
                    + "cloud \(Self.cloud(of: entry.signIn)), kept in \(entry.store)\n")
        }
        for token in tokens {
            Terminal.standardOutput.write(
                "token: \(token.credential) for \(token.scopes.joined(separator: " ")), "
                    + "until \(token.expiresAt.ISO8601Format()), kept in \(directory)\n")
        }
        for remark in remarks { common.note(remark) }
    }

    private func document(
        _ found: [Found], _ tokens: [SharedToken], _ directory: SharedTokenDirectory
    ) -> JSONValue {
        .object([
            "signIns": .array(
                found.map { entry in
                    .object([
                        "user": JSONValue(entry.signIn.account), "tenant": .string(entry.signIn.tenant),
                        "clientID": .string(entry.signIn.clientID), "cloud": .string(Self.cloud(of: entry.signIn)),
                        // Entra does not say how long a sign-in lasts.
                        "expiresOn": .null, "store": .string(entry.store),
                    ])
                }),
            "cachedTokens": .array(
                tokens.map { token in
                    .object([
                        "credential": .string(token.credential),
                        "scopes": .array(token.scopes.map { .string($0) }),
                        "expiresOn": .string(token.expiresAt.ISO8601Format()), "store": .string(directory.path),
                    ])
                }),
        ])
    }

    private static func cloud(of signIn: SignIn) -> String {
        AzureCloud(authority: signIn.authority)?.name ?? signIn.authority.host
    }

    private static func words(_ error: SecretStoreError) -> String {
        switch error {
        case .absent(let text), .locked(let text), .failed(let text): text
        case .cancelled: "interrupted"
        }
    }
}
