import ArgumentParser

/// A local stand-in for Microsoft Entra.
@main
struct PassgresLocalEntra: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "passgres-local-entra",
        abstract: "A stand-in for Microsoft Entra on this machine's loopback address, for demos and tests.",
        discussion: """
            It serves a token endpoint over TLS, the metadata service of virtual machines, and an LDAP responder \
            through which a stock PostgreSQL checks tokens. It reaches nothing outside.
            """,
        subcommands: [Serve.self, Issue.self, Control.self],
        defaultSubcommand: Serve.self)
}
