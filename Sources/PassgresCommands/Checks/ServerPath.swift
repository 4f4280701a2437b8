import FoundationEssentials
import KnownFailures
import PostgresCredentials
import TokenCredentials

/// The way to one server: its name, its port, its certificate, as far as each lets the next be tried.
struct ServerPath: Sendable {
    /// What was found on the way.
    struct End: Sendable {
        var findings: [CheckFinding]
        /// Whether something answered at the port; from there on libpq tries no other server.
        var isReached = false
        /// The connection over which a token may be sent.
        var tls: TLSCheck?
    }

    let connection: ConnectionInfo
    let server: ServerAddress
    let environment: ProcessEnvironment
    let now: Date

    func end() async -> End {
        let (named, addresses) = await timed { await NameCheck(server: server).findings() }
        guard !addresses.isEmpty else {
            return End(findings: named + [.skip(.reach, "no address to connect to"), .skip(.tls, "no connection")])
        }
        let (reached, address) = await timed {
            await ReachCheck(server: server, addresses: addresses).findings()
        }
        guard let address else { return End(findings: named + reached + [.skip(.tls, "no connection")]) }
        let check = TLSCheck(
            connection: connection, server: server, address: address, environment: environment, now: now)
        let (secured, isSafe) = await timed { await check.findings() }
        let isAllowed = (try? TLSPolicy().mode(said: connection.sslmode, servers: [server])) != nil
        return End(findings: named + reached + secured, isReached: true, tls: isSafe && isAllowed ? check : nil)
    }
}

/// The ways to all the servers of a connection, walked at the same time.
struct ServerPaths: Sendable {
    let connection: ConnectionInfo
    let environment: ProcessEnvironment
    let now: Date
    /// How many are walked; the others are left out and named as left out.
    private static let most = 8

    /// What was found, and the connection over which libpq would send the token.
    ///
    /// libpq takes the first server that answers at its port and stays with it, whatever comes then. A fault of another
    /// is a warning.
    func findings() async -> (findings: [CheckFinding], tls: TLSCheck?) {
        guard let servers = try? connection.servers() else { return ([], nil) }
        let ends = await withTaskGroup(of: (Int, ServerPath.End).self) { group in
            for (index, server) in servers.prefix(Self.most).enumerated() {
                let path = ServerPath(connection: connection, server: server, environment: environment, now: now)
                group.addTask { (index, await path.end()) }
            }
            return await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
        }
        let chosen = ends.keys.sorted().first { ends[$0]?.isReached == true }
        var findings = ends.keys.sorted().flatMap { index in
            (ends[index]?.findings ?? []).map { finding in
                guard let chosen, index != chosen, finding.outcome == .fail else { return finding }
                var finding = finding
                finding.outcome = .warn
                if index < chosen { finding.text += "; libpq goes on to the next host" }
                return finding
            }
        }
        if servers.count > Self.most {
            findings.append(.skip(.reach, "\(servers.count - Self.most) more hosts were not tried"))
        }
        return (findings, chosen.flatMap { ends[$0]?.tls })
    }
}
