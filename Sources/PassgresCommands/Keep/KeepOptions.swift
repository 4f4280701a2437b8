import ArgumentParser
import PasswordKeeping
import PostgresCredentials

/// What is kept, and where.
struct KeepOptions: ParsableArguments {
    @Argument(help: "Connections: keyword/value strings or URIs; none for the PG* variables.")
    var connections: [String] = []

    @Option(help: ArgumentHelp("A JSON file in place of connections and destinations.", valueName: "file"))
    var config: String?

    @Option(help: ArgumentHelp("A password file; may be given several times.", valueName: "file"))
    var passfile: [String] = []

    @Option(help: ArgumentHelp("PgBouncer's auth file.", valueName: "file"))
    var pgbouncerAuthFile: String?

    @Option(help: ArgumentHelp("PgBouncer's pid file, to tell it by SIGHUP.", valueName: "file"))
    var pgbouncerPidFile: String?

    @Option(help: ArgumentHelp("The connection to PgBouncer's console, to tell it by RELOAD.", valueName: "connection"))
    var pgbouncerConsole: String?

    @Option(
        help: ArgumentHelp(
            "Which PgBouncer reads the file; default: as its console says, else 1.18.", valueName: "version"),
        transform: { text in
            guard let version = PgBouncerVersion(text) else {
                throw ValidationError("--pgbouncer-version takes a version, as in 1.18.")
            }
            return version
        })
    var pgbouncerVersion: PgBouncerVersion?

    @Option(help: ArgumentHelp("A directory with one file per value, for one connection.", valueName: "directory"))
    var credentialDirectory: String?

    @OptionGroup var files: FileOptions

    func validate() throws {
        if config != nil, !connections.isEmpty || !group.hasNoDestination {
            throw ValidationError("Connections and destinations stand in the file of --config, or in the command.")
        }
        if pgbouncerAuthFile == nil, pgbouncerPidFile != nil || pgbouncerConsole != nil || pgbouncerVersion != nil {
            throw ValidationError("The options for PgBouncer need --pgbouncer-auth-file.")
        }
    }

    /// The same as a group of a configuration.
    var group: KeeperConfiguration.Group {
        var group = KeeperConfiguration.Group()
        group.connections = connections.isEmpty ? [""] : connections
        group.passwordFiles = passfile
        group.authFile = pgbouncerAuthFile
        group.pidFile = pgbouncerPidFile
        group.console = pgbouncerConsole
        group.pgBouncerVersion = pgbouncerVersion
        group.credentialDirectory = credentialDirectory
        return group
    }
}
