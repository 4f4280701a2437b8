import ArgumentParser

/// `passgres connections`: connections in the form of other programs.
struct ConnectionsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "connections", abstract: "Write connections for other programs.", subcommands: [Export.self])

    /// `passgres connections export`.
    struct Export: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Write connections for a program.", subcommands: [PgAdminExport.self])
    }
}
