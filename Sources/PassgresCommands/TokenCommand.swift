import ArgumentParser
import CommandCredentials
import FoundationEssentials
import PostgresCredentials
import TokenCredentials

/// `passgres token`: the token itself.
struct TokenCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "token", abstract: "Print a token, for programs that ask a command for the password.")

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case text
        case json
        case azureCLI = "azure-cli"
    }

    @Argument(help: "Connection whose server decides what the token is for.")
    var connection: String?

    @Option(help: "text, json, or azure-cli: what `az account get-access-token` prints.")
    var output: Format = .text

    @OptionGroup var options: CredentialOptions
    @OptionGroup var common: CommonOptions

    func perform() async throws {
        let session = try Session(connection, options, common)
        let token = try await session.token()
        switch output {
        case .text:
            Terminal.standardOutput.write(exactly: token.secret + "\n")
        case .json:
            try printJSON(
                .object([
                    "token": .string(token.secret),
                    "expiresOn": .string(token.expiresAt.ISO8601Format()),
                    "expiresOnEpoch": JSONValue(epochOf: token.expiresAt),
                    "refreshOnEpoch": JSONValue(epochOf: token.refreshAt),
                    "credential": JSONValue(session.chain.settledName),
                    "scopes": .array(session.request.scopes.map { .string($0) }),
                    "tenant": JSONValue(token.claims?["tid"] ?? session.environment["AZURE_TENANT_ID"]),
                    "user": JSONValue(session.userName(for: token)),
                ]))
        case .azureCLI:
            try printJSON(
                .object([
                    "accessToken": .string(token.secret),
                    "expiresOn": .string(LocalTime.text(of: token.expiresAt) + ".000000"),
                    "expires_on": JSONValue(epochOf: token.expiresAt),
                    "tenant": JSONValue(token.claims?["tid"] ?? session.environment["AZURE_TENANT_ID"]),
                    "tokenType": .string("Bearer"),
                ]))
        }
    }
}
