public import Configuration
public import PostgresCredentials
import TokenCredentials

/// What a keeper shall do, as configuration says it.
///
/// | Key | Meaning |
/// |---|---|
/// | `connections` | list of connections, as libpq's tools take them |
/// | `passwordFiles` | list of password files |
/// | `credentialDirectory` | directory with one file per value, for one login |
/// | `owner` | name or id of the user whom the files are written for and given to; for root |
/// | `allowSharedDirectories` | list of directories that are used though others may write to them |
/// | `pgbouncer.authFile`, `.pidFile`, `.console`, `.version` | auth file, and how PgBouncer is told |
/// | `credentials`, `tenant`, `clientId`, `identity`, `cloud`, `scope` | the identity, as the options of the same names |
/// | `server` | `flexible`, or `single` for users as user@server where the token names them |
/// | `groups` | list of names; each names a section with the keys above |
/// | `health` | address and port for health checks |
/// | `renewal.aheadSeconds`, `.retrySeconds`, `.checkSeconds` | when to renew, try again and look after files |
public struct KeeperConfiguration: Sendable {
    /// Connections of one identity, and where their password goes.
    public struct Group: Hashable, Sendable {
        /// The name of its section; empty for that of the top level.
        public var name = ""
        /// Connections, as libpq's tools take them.
        public var connections: [String] = []
        /// Password files.
        public var passwordFiles: [String] = []
        /// A directory with one file per value.
        public var credentialDirectory: String?
        /// The name or id of the user whom files are written for and given to; `nil` for the process's own.
        public var owner: String?
        /// Directories that are used though others may write to them.
        public var sharedDirectories: [String] = []
        /// PgBouncer's auth file.
        public var authFile: String?
        /// The pid file by which PgBouncer is told.
        public var pidFile: String?
        /// The connection to PgBouncer's console, by which it is told.
        public var console: String?
        /// The version of PgBouncer; `nil` for that which its console says.
        public var pgBouncerVersion: PgBouncerVersion?
        /// Names of credentials, separated by commas.
        public var credentials: String?
        /// The directory to ask.
        public var tenant: String?
        /// The application, or user-assigned identity.
        public var clientID: String?
        /// The user-assigned managed identity.
        public var identity: String?
        /// The cloud.
        public var cloud: String?
        /// What the token is for.
        public var scope: String?
        /// What the servers are; `nil` for the usual.
        public var server: RoleScript.Server?

        /// Makes a group that does nothing yet.
        public init() {}

        /// Whether it has nowhere to put a password.
        public var hasNoDestination: Bool { passwordFiles.isEmpty && credentialDirectory == nil && authFile == nil }
    }

    /// The groups: that of the top level first, if it has connections.
    public var groups: [Group]
    /// Where health checks are answered.
    public var health: HealthAddress?
    /// When to renew and try again.
    public var policy: KeeperPolicy

    /// Reads a configuration.
    ///
    /// Throws ``KeeperConfigurationError`` for what contradicts itself or is missing.
    public init(_ reader: ConfigReader) throws(KeeperConfigurationError) {
        let top = try Self.group(reader, "", identityOf: nil)
        var groups = top.connections.isEmpty ? [] : [top]
        for name in reader.stringArray(forKey: "groups") ?? [] {
            var group = try Self.group(reader.scoped(to: ConfigKey([name])), name + ".", identityOf: top)
            group.name = name
            guard !group.connections.isEmpty else {
                throw KeeperConfigurationError(name + ".connections", "is missing")
            }
            groups.append(group)
        }
        guard !groups.isEmpty else { throw KeeperConfigurationError("connections", "is missing") }
        self.groups = groups
        if let text = reader.string(forKey: "health") {
            guard let address = HealthAddress(text) else {
                throw KeeperConfigurationError("health", "is no address and port, as in 127.0.0.1:9911")
            }
            health = address
        }
        policy = KeeperPolicy()
        if let seconds = try Self.seconds(reader, "renewal.aheadSeconds") { policy.renewal.ahead = seconds }
        if let seconds = try Self.seconds(reader, "renewal.retrySeconds") { policy.renewal.pause = seconds }
        if let seconds = try Self.seconds(reader, "renewal.checkSeconds") { policy.check = seconds }
    }

    private static func group(
        _ reader: ConfigReader, _ prefix: String, identityOf top: Group?
    ) throws(KeeperConfigurationError) -> Group {
        var group = Group()
        group.connections = reader.stringArray(forKey: "connections") ?? []
        group.passwordFiles = reader.stringArray(forKey: "passwordFiles") ?? []
        group.credentialDirectory = reader.string(forKey: "credentialDirectory")
        group.owner = reader.string(forKey: "owner") ?? top?.owner
        group.sharedDirectories =
            (top?.sharedDirectories ?? []) + (reader.stringArray(forKey: "allowSharedDirectories") ?? [])
        group.authFile = reader.string(forKey: "pgbouncer.authFile")
        group.pidFile = reader.string(forKey: "pgbouncer.pidFile")
        group.console = reader.string(forKey: "pgbouncer.console")
        if let text = reader.string(forKey: "pgbouncer.version") {
            guard let version = PgBouncerVersion(text) else {
                throw KeeperConfigurationError(prefix + "pgbouncer.version", "is no version, as in 1.18")
            }
            group.pgBouncerVersion = version
        }
        if group.authFile == nil, group.pidFile != nil || group.console != nil {
            throw KeeperConfigurationError(prefix + "pgbouncer.authFile", "is missing")
        }
        group.credentials = reader.string(forKey: "credentials") ?? top?.credentials
        group.tenant = reader.string(forKey: "tenant") ?? top?.tenant
        group.clientID = reader.string(forKey: "clientId") ?? top?.clientID
        group.identity = reader.string(forKey: "identity") ?? top?.identity
        group.cloud = reader.string(forKey: "cloud") ?? top?.cloud
        group.scope = reader.string(forKey: "scope") ?? top?.scope
        if let text = reader.string(forKey: "server") {
            guard let server = RoleScript.Server(rawValue: text) else {
                throw KeeperConfigurationError(prefix + "server", "is neither flexible nor single")
            }
            group.server = server
        } else {
            group.server = top?.server
        }
        return group
    }

    private static func seconds(_ reader: ConfigReader, _ key: String) throws(KeeperConfigurationError) -> Duration? {
        guard let seconds = reader.int(forKey: ConfigKey(key)) else { return nil }
        guard (1...86_400).contains(seconds) else { throw KeeperConfigurationError(key, "is not from 1 to 86400") }
        return .seconds(seconds)
    }
}

/// Why a configuration cannot be used.
///
/// Names the key and quotes no value.
public struct KeeperConfigurationError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The key.
    public let key: String
    /// What is wrong with it, as in `"is missing"`.
    public let problem: String

    init(_ key: String, _ problem: String) {
        self.key = key
        self.problem = problem
    }

    /// One sentence.
    public var description: String { "the configuration's \(key) \(problem)" }
}
