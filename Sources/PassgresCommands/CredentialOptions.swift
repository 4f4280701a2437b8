import ArgumentParser
import CredentialObservability
import EntraCredentials
import Logging
import ManagedIdentityCredentials
import PostgresCredentials
import TokenCredentials

/// The options shared by everything that needs a token.
struct CredentialOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Comma-separated names, tried in this order (PASSGRES_CREDENTIALS).", valueName: "list"))
    var credentials: String?

    @Option(help: ArgumentHelp("Directory to ask (AZURE_TENANT_ID).", valueName: "id"))
    var tenant: String?

    @Option(
        help: ArgumentHelp(
            "Application, or user-assigned identity by its client or resource id (AZURE_CLIENT_ID, but for login).",
            valueName: "id"))
    var clientId: String?

    @Option(
        help: ArgumentHelp(
            "User-assigned identity: client id, object:GUID or resource id (PASSGRES_MANAGED_IDENTITY).",
            valueName: "id"))
    var identity: String?

    @Option(
        help: ArgumentHelp(
            "public, usgov or china (AZURE_AUTHORITY_HOST); default: from the server's host name, else public.",
            valueName: "name"))
    var cloud: String?

    @Option(help: ArgumentHelp("What the token is for; default: the cloud's PostgreSQL scope.", valueName: "scope"))
    var scope: String?

    @Option(
        name: .customLong("server"),
        help: "flexible or single; on a single server, a user that the token names is written as user@server.")
    var serverKind: ServerKind = .flexible

    @Flag(name: .customLong("no-cache"), help: "Ask the identity service even if a stored token is good.")
    var bypassesCache = false

    @Option(help: ArgumentHelp("trace, debug, info, notice, warning, error or critical.", valueName: "level"))
    var logLevel: LogLevel?

    /// A kind of server, by name.
    enum ServerKind: String, ExpressibleByArgument, CaseIterable {
        case flexible, single

        var kind: RoleScript.Server { self == .flexible ? .flexible : .single }
    }

    /// A level of the log, by name.
    enum LogLevel: String, ExpressibleByArgument, CaseIterable {
        case trace, debug, info, notice, warning, error, critical
    }

    func validate() throws {
        if let cloud, AzureCloud(named: cloud) == nil {
            throw ValidationError("--cloud takes public, usgov or china, and not \(quoted(cloud)).")
        }
        if let identity, let flaw = ManagedIdentity(named: identity).flaw {
            throw ValidationError("--identity takes the id of a client, an object or a resource, and this one \(flaw).")
        }
        if let scope, scope.isEmpty || !scope.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f }) {
            throw ValidationError("--scope takes one scope, without blanks.")
        }
    }

    /// The environment with these options in the place of the variables they stand for.
    ///
    /// The cloud of the server's host name decides about the authority where neither an option nor a variable does.
    func environment(for hosts: [String], from current: ProcessEnvironment = .current) -> ProcessEnvironment {
        var environment = current
        if let credentials { environment["PASSGRES_CREDENTIALS"] = credentials }
        if let tenant { environment["AZURE_TENANT_ID"] = tenant }
        if let clientId { environment["AZURE_CLIENT_ID"] = clientId }
        if let identity { environment["PASSGRES_MANAGED_IDENTITY"] = identity }
        if let cloud = cloud.flatMap(AzureCloud.init(named:)) {
            environment["AZURE_AUTHORITY_HOST"] = cloud.authority.url
        } else if environment["AZURE_AUTHORITY_HOST"] == nil, let cloud = Self.cloud(of: hosts) {
            environment["AZURE_AUTHORITY_HOST"] = cloud.authority.url
        }
        return environment
    }

    /// What to ask for: the scope named, else that of the cloud.
    func request(for hosts: [String], in environment: ProcessEnvironment) throws(CredentialError) -> TokenRequest {
        var request = try unboundRequest(for: hosts, in: environment)
        request.tenant = tenant
        return request
    }

    private func unboundRequest(
        for hosts: [String], in environment: ProcessEnvironment
    ) throws(CredentialError) -> TokenRequest {
        if let scope { return TokenRequest(scope) }
        if let cloud = cloud.flatMap(AzureCloud.init(named:)) { return .postgres(in: cloud) }
        // The server decides what it accepts; the authority only where the host's name tells nothing.
        if let cloud = Self.cloud(of: hosts) { return .postgres(in: cloud) }
        if let text = environment["AZURE_AUTHORITY_HOST"], let cloud = AzureCloud(authority: try Authority(text)) {
            return .postgres(in: cloud)
        }
        return .postgres
    }

    /// The chain these options and the environment ask for, each member saying to the log what it answers.
    ///
    /// - Parameter quiet: Whether warnings are left out of the log too.
    func chain(
        in environment: ProcessEnvironment, announcing waits: WaitNotice, quiet: Bool = false
    ) throws(CredentialError) -> CredentialChain {
        if let credentials, credentials.trimmed.isEmpty {
            throw .failed(
                Diagnosis(
                    "--credentials names nobody", remedy: "Name at least one, or leave the option out.",
                    kind: .misconfigured))
        }
        try KnownVariable.check(environment)
        let logger = try self.logger(in: environment, quiet: quiet)
        let chain = try DefaultCredential(registry: registry(for: environment), environment: environment).chain
        let members = SharedMembers(environment: environment) { Self.warnOnce(of: $0, logger) }
        let sharesTokens = !bypassesCache && environment["PASSGRES_CACHE"]?.lowercased() != "off"
        return CredentialChain(
            chain.credentials.map { credential -> any TokenCredential in
                let logged = credential.logged(to: logger, failuresAt: .info)
                return AnnouncedCredential(
                    base: sharesTokens ? members.sharing(credential, as: logged) : logged, notice: waits)
            })
    }

    /// What the tool chooses from, with the managed identity that an option names: that and no other, and called by the
    /// option's name.
    private func registry(for environment: ProcessEnvironment) -> CredentialRegistry {
        var registry = CredentialRegistry.tool
        let named: (id: String, option: String)? =
            if let identity {
                (identity, "--identity")
            } else if let clientId,
                environment["PASSGRES_MANAGED_IDENTITY"] == nil
            { (clientId, "--client-id") } else { nil }
        guard let named else { return registry }
        @Sendable func credential(
            _ environment: ProcessEnvironment, _ patience: ManagedIdentityCredential.Patience
        ) -> ManagedIdentityCredential {
            ManagedIdentityCredential(
                ManagedIdentity(named: named.id), from: named.option, environment: environment, patience: patience)
        }
        registry.register(
            "managed-identity", whenAlone: { credential($0, .persistent) }, { credential($0, .probing(.seconds(1))) })
        return registry
    }

    private static let warnings = Guarded<Set<String>>([])

    /// Says why tokens are not shared, once for as long as the process lives.
    private static func warnOnce(of diagnosis: Diagnosis, _ logger: Logger) {
        guard warnings.withLock({ $0.insert(diagnosis.problem).inserted }) else { return }
        logger.warning("\(diagnosis.problem)\(diagnosis.remedy.map { ". " + $0 } ?? "")")
    }

    private func logger(in environment: ProcessEnvironment, quiet: Bool) throws(CredentialError) -> Logger {
        var level = logLevel
        if level == nil, let name = environment["PASSGRES_LOG_LEVEL"] {
            level = LogLevel(rawValue: name.trimmed.lowercased())
            guard level != nil else {
                throw .failed(
                    Diagnosis(
                        "PASSGRES_LOG_LEVEL holds \(quoted(name)), which is no level",
                        remedy: "Set it to one of: \(LogLevel.allCases.map(\.rawValue).joined(separator: ", ")).",
                        kind: .misconfigured))
            }
        }
        var logger = Logger(label: "passgres") { StreamLogHandler.standardError(label: $0) }
        // A failure ends the command and is told in full then; by default it is not told twice.
        logger.logLevel = level.flatMap { Logger.Level(rawValue: $0.rawValue) } ?? (quiet ? .error : .warning)
        return logger
    }

    private static func cloud(of hosts: [String]) -> AzureCloud? {
        hosts.lazy.compactMap(AzureCloud.init(serverHost:)).first
    }
}
