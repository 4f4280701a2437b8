import ArgumentParser
import FoundationEssentials
import TokenCredentials

/// Lets a running stand-in make something.
struct Issue: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Let a running stand-in sign a token or a certificate.",
        subcommands: [Token.self, ServerCertificate.self])

    /// Signs a token and prints it.
    struct Token: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Sign an access token, good or deliberately bad, and print it.")

        @Option(help: "The directory of the running stand-in.")
        var directory: String
        @Option(help: "For the application of this client id.")
        var application: String?
        @Option(help: "For the managed identity of this client id (default: the one a machine would pick).")
        var identity: String?
        @Option(help: "For the user of this principal name.")
        var user: String?
        @Option(help: "The audience (default: PostgreSQL in the public cloud).")
        var audience: String?
        @Option(parsing: .unconditional, help: "Seconds from now until it expires; negative for one that has expired.")
        var lifetime: Int?
        @Option(parsing: .unconditional, help: "Seconds from now until it begins to be valid.")
        var notBefore: Int?

        func run() throws {
            var order: [String: JSONValue] = [:]
            order["application"] = application.map(JSONValue.string)
            order["identity"] = identity.map(JSONValue.string)
            order["user"] = user.map(JSONValue.string)
            order["audience"] = audience.map(JSONValue.string)
            order["lifetime"] = lifetime.map { .number(Double($0)) }
            order["notBefore"] = notBefore.map { .number(Double($0)) }
            let reply = try ControlClient(directory: directory)
                .perform("token", try JSONEncoder().encode(JSONValue.object(order)))
            print(reply["access_token"]?.text ?? "")
        }
    }

    /// Writes a certificate and its key for a database server.
    struct ServerCertificate: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Write server.crt and server.key for PostgreSQL, signed by the stand-in's authority.")

        @Option(help: "The directory of the running stand-in, where the files go too.")
        var directory: String
        @Option(name: .customLong("name"), help: "A host name or address; may be given several times.")
        var names = ["localhost", "srv.postgres.database.azure.com", "127.0.0.1"]

        func run() throws {
            let order = JSONValue.object(["names": .array(names.map(JSONValue.string))])
            let reply = try ControlClient(directory: directory)
                .perform("server-certificate", try JSONEncoder().encode(order))
            guard let certificate = reply["certificate"]?.text, let key = reply["key"]?.text else {
                throw ValidationError("the stand-in sent no certificate")
            }
            let files = try WorkDirectory(directory)
            try files.write(certificate, to: "server.crt")
            try files.write(key, to: "server.key")
        }
    }
}
