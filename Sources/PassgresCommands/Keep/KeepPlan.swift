import ArgumentParser
import FoundationEssentials
import PasswordKeeping
import PostgresCredentials
import TokenCredentials

/// Makes a keeper's plan of options and configuration, as often as it is asked to.
struct KeepPlan: Sendable {
    let places: KeepOptions
    let options: CredentialOptions
    let common: CommonOptions
    private let waits: WaitNotice

    init(places: KeepOptions, options: CredentialOptions, common: CommonOptions) {
        self.places = places
        self.options = options
        self.common = common
        waits = WaitNotice(loggingUnless: common.quiet)
    }

    /// What was read.
    struct Reading: Sendable {
        var assignments: [PasswordAssignment] = []
        var policy = KeeperPolicy()
        var health: HealthAddress?
        /// Directories that are used though others may write to them.
        var sharedDirectories: [String] = []
        /// What may go wrong with a connection, each a sentence.
        var warnings: [String] = []
    }

    /// Reads the configuration, if there is one, the variables and the service files.
    func read() throws -> Reading {
        do {
            var reading = Reading()
            reading.sharedDirectories = places.files.allowSharedDirectory
            var groups = [places.group]
            if let file = places.config {
                let configuration = try KeeperConfiguration(file: file)
                groups = configuration.groups
                reading.sharedDirectories += configuration.groups.flatMap(\.sharedDirectories)
                reading.policy = configuration.policy
                reading.health = configuration.health
            }
            var sources: [String: TokenSource] = [:]
            for group in groups { reading.assignments += try assignments(of: group, &sources, &reading.warnings) }
            return reading
        } catch {
            throw CommandFailure(error)
        }
    }

    /// One assignment for each source that the group's connections need: those in different clouds have several.
    private func assignments(
        of group: KeeperConfiguration.Group, _ sources: inout [String: TokenSource],
        _ warnings: inout [String]
    ) throws -> [PasswordAssignment] {
        let current = ProcessEnvironment.current
        var options = options
        if let credentials = group.credentials { options.credentials = credentials }
        if let tenant = group.tenant { options.tenant = tenant }
        if let clientID = group.clientID { options.clientId = clientID }
        if let identity = group.identity { options.identity = identity }
        if let cloud = group.cloud { options.cloud = cloud }
        if let scope = group.scope { options.scope = scope }
        if let server = group.server, let kind = CredentialOptions.ServerKind(rawValue: server.rawValue) {
            options.serverKind = kind
        }
        try options.validate()
        let destinations = try destinations(of: group, current)
        var logins: [TokenSource: [KeptLogin]] = [:]
        var order: [TokenSource] = []
        for (index, text) in group.connections.enumerated() {
            let connection: ConnectionInfo
            let login: KeptLogin
            do {
                var said = try ConnectionInfo(text)
                said.serverKind = options.serverKind.kind
                connection = try said.resolved(in: current)
                login = try KeptLogin(connection)
                try connection.checkSockets()
            } catch {
                throw failure(error, group, index)
            }
            // Of connections there may be thousands; what is wrong with the first few is wrong with all.
            if connection.isUserSaid, let user = connection.user, warnings.count < 20 {
                warnings += RoleName.warnings(for: user).filter { !warnings.contains($0) }
            }
            let source = try source(for: connection, options, current, &sources)
            if logins[source] == nil { order.append(source) }
            logins[source, default: []].append(login)
        }
        return order.map { PasswordAssignment($0, logins: logins[$0] ?? [], storingIn: destinations) }
    }

    /// An error with the connection it is about, where there are several; in a file, it is the configuration's.
    private func failure(
        _ error: any Error, _ group: KeeperConfiguration.Group, _ index: Int
    ) -> any Error {
        guard places.config != nil || group.connections.count > 1 else { return error }
        let place = "connection \(index + 1)" + (group.name.isEmpty ? "" : " of \(quoted(group.name))")
        return CommandFailure(error).about(place, status: places.config == nil ? nil : .configuration)
    }

    private func source(
        for connection: ConnectionInfo, _ options: CredentialOptions, _ current: ProcessEnvironment,
        _ sources: inout [String: TokenSource]
    ) throws -> TokenSource {
        let hosts = try connection.servers().compactMap(\.name)
        let environment = options.environment(for: hosts, from: current)
        let request = try options.request(for: hosts, in: environment)
        let identity = [
            "PASSGRES_CREDENTIALS", "AZURE_TENANT_ID", "AZURE_CLIENT_ID", "PASSGRES_MANAGED_IDENTITY",
            "AZURE_AUTHORITY_HOST",
        ].map { environment[$0] ?? "" }
        let key = (identity + request.scopes).joined(separator: "\n")
        if let source = sources[key] { return source }
        let chain = try options.chain(in: environment, announcing: waits, quiet: common.quiet)
        var name = identity[0...3].filter { !$0.isEmpty }.joined(separator: " ")
        if name.isEmpty { name = "the default credential" }
        // A source keeps its name and its token from one reading to the next: the name must not depend on the others.
        let usual = AzureCloud.public.authority.url
        let authority = identity[4].isEmpty ? usual : (try? Authority(identity[4]).url) ?? identity[4]
        if authority != usual { name += " at " + authority }
        let source = TokenSource(chain, for: request, named: name)
        sources[key] = source
        return source
    }

    private func destinations(
        of group: KeeperConfiguration.Group, _ environment: ProcessEnvironment
    ) throws -> [any PasswordDestination] {
        let trust = try trust(in: group)
        var destinations: [any PasswordDestination] = group.passwordFiles.map {
            PasswordFileDestination(path: $0, trusting: trust)
        }
        if let path = group.authFile {
            let process = group.pidFile.map { PgBouncerProcess(pidFile: $0) }
            var reload: (any PgBouncerReload)? = process
            if let console = group.console {
                reload = try PgBouncerConsole(console, in: environment, runningAs: process)
            }
            destinations.append(
                PgBouncerAuthFile(
                    path: path, readBy: group.pgBouncerVersion, reloadingBy: reload, trusting: trust))
        }
        if let path = group.credentialDirectory {
            destinations.append(CredentialDirectory(path: path, trusting: trust))
        }
        if destinations.isEmpty {
            let path = try PgpassCommand.path(nil, ConnectionInfo(), environment)
            destinations.append(PasswordFileDestination(path: path, trusting: trust))
        }
        return destinations
    }

    /// What the group says of its files, and the options where it says nothing.
    private func trust(in group: KeeperConfiguration.Group) throws -> FileTrust {
        do throws(ValidationError) {
            var trust = try places.files.trust
            if let owner = group.owner { trust.owner = try FileOptions.user(owner) }
            trust.sharedDirectories += group.sharedDirectories
            return trust
        } catch {
            throw CommandFailure(.configuration, error.message)
        }
    }
}
