import ArgumentParser
import PostgresCredentials

/// How much protection a connection must have at least.
struct TLSOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Allow this very sslmode although it may show the token to others: disable, allow or prefer.",
            valueName: "mode"))
    var allowSslmode: SSLMode?
}

extension SSLMode: ExpressibleByArgument {}
