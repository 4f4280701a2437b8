import ArgumentParser
import PostgresCredentials

/// How much protection a connection must have at least.
struct TLSOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Allow this very sslmode although it may show the token to others: disable, allow or prefer.",
            valueName: "mode"),
        transform: { text in
            guard let mode = SSLMode(rawValue: text) else {
                throw ValidationError(
                    "--allow-sslmode takes one of: \(SSLMode.allCases.map(\.rawValue).joined(separator: ", ")).")
            }
            return mode
        })
    var allowSslmode: SSLMode?
}
