import CredentialHTTP
import FoundationEssentials
import KnownFailures
import PostgresCredentials
import TokenCredentials

/// Looks for what stands between a person and a server: what does not depend on each other at the same time.
struct Doctor: Sendable {
    let connection: ConnectionInfo
    let environment: ProcessEnvironment
    /// The section of a service file that filled in the connection.
    let service: String?
    /// The chain, or the finding that there can be none.
    let session: Result<Session, RefusedSession>
    let isOffline: Bool
    /// A connection over which roles and mappings may be looked at, if there is one.
    let administrator: ConnectionInfo?
    /// How long the credentials may take; the rest of the time is for what follows from their answer.
    let patience: Duration
    let now = Date()

    /// Why there is no chain.
    struct RefusedSession: Error {
        let finding: CheckFinding
    }

    private var circumstances: Circumstances { Circumstances(connection, in: environment) }

    func findings() async -> [CheckFinding] {
        async let local = localFindings()
        async let libpq = timed { await onOwnThread { LibpqCheck(connection: connection).findings() } }
        async let clock = timed { await clockFindings() }
        async let path = pathFindings()
        async let tokens = tokenFindings()
        let (found, way, token) = await (local, path, tokens)
        var all = await found + libpq + way.findings + clock + token.findings
        async let roles = timed { await roleFindings(token.token) }
        let login = await timed { await loginFindings(way.tls, token.token) }
        all += await roles
        all = LoginVerdict(login).applied(to: all)
        return (all + login).map { $0.withoutAdviceToAskDoctor(user: nil) }
    }

    /// What needs neither network nor credential.
    private func localFindings() async -> [CheckFinding] {
        let parameters = await timed { ConnectionCheck(connection: connection).findings() }
        let section = await timed { ServiceFileCheck(connection: connection, named: service).findings() }
        let variables = await timed {
            EnvironmentCheck(environment: environment, connection: connection, now: now).findings()
        }
        let file = await timed {
            await onOwnThread { PasswordFileCheck(connection, environment, now: now).findings() }
        }
        return parameters + section + variables + file
    }

    private func clockFindings() async -> [CheckFinding] {
        guard !isOffline else { return [.skip(.clock, "not asked offline")] }
        guard case .success(let session) = session,
            let authority = try? session.environment["AZURE_AUTHORITY_HOST"].map(Authority.init)
                ?? (connection.cloud ?? .public).authority
        else { return [.skip(.clock, "no authority to ask")] }
        return await ClockCheck(http: CurlTransport.shared, authority: authority, now: { Date() }).findings()
    }

    /// The ways to the servers, as far as they go.
    private func pathFindings() async -> (findings: [CheckFinding], tls: TLSCheck?) {
        guard !isOffline else {
            return (
                [
                    .skip(.name, "not asked offline"), .skip(.reach, "not tried offline"),
                    .skip(.tls, "not tried offline"),
                ], nil
            )
        }
        let way = await ServerPaths(connection: connection, environment: environment, now: now).findings()
        return (way.findings, way.tls)
    }

    /// The token that would be sent, and what is wrong with it.
    private func tokenFindings() async -> (findings: [CheckFinding], token: AccessToken?) {
        let stored = StoredPassword(connection, environment)
        guard case .success(let session) = session else {
            if case .failure(let refused) = session { return ([refused.finding], stored?.token) }
            return ([], nil)
        }
        let check = TokenCheck(
            connection: connection, request: session.request, tenant: session.environment["AZURE_TENANT_ID"], now: now)
        // What a check of its own has said already is not said again.
        let said =
            switch stored?.place {
            case nil, "the connection"?: [String]()
            case "PGPASSWORD"?: ["T01", "T02", "T05"]
            default: ["T01"]
            }
        var findings = (stored.map { check.findings(for: $0) } ?? []).filter { finding in
            finding.outcome != .ok && finding.code.map { !said.contains($0) } ?? true
        }
        let credential = CredentialCheck(session: session, circumstances: circumstances)
        guard !isOffline else { return (findings + credential.configuration(), stored?.token) }
        let (traced, given) = await timed { await credential.trace(within: patience) }
        findings += traced
        let token = given?.token
        if let given {
            let found = check.findings(for: given.token, from: given.name)
            findings += stored?.token == nil ? found : found.map { $0.besides(stored?.place ?? "") }
        }
        if stored?.token != nil, token == nil {
            // Somebody who connects by a kept token needs no credential here.
            findings = findings.map { finding in
                var finding = finding
                if finding.check == .credential, finding.outcome == .fail { finding.outcome = .warn }
                return finding
            }
        }
        if let used = stored?.token ?? token { findings += LengthCheck(connection: connection).findings(for: used) }
        return (findings, stored?.token ?? token)
    }

    private func loginFindings(_ tls: TLSCheck?, _ token: AccessToken?) async -> [CheckFinding] {
        if isOffline { return [.skip(.login, "not tried offline")] }
        guard let tls else { return [.skip(.login, "no connection over which a token may be sent")] }
        guard let token else { return [.skip(.login, "no token to log in with")] }
        guard let user = (try? connection.role(for: token))?.name else {
            return [.skip(.login, "no user to log in as")]
        }
        let database = connection.origin(of: "dbname").map { $0 == .builtIn } == false ? connection.database : user
        return await LoginCheck(
            tls: tls, user: user, database: database ?? user, token: token, circumstances: circumstances
        ).findings().map { $0.withoutAdviceToAskDoctor(user: user) }
    }

    private func roleFindings(_ token: AccessToken?) async -> [CheckFinding] {
        guard let administrator else { return [] }
        guard !isOffline else { return [.skip(.role, "not asked offline")] }
        guard
            let user = token.map({ (try? connection.role(for: $0))?.name })
                ?? (connection.isUserSaid ? connection.user : nil)
        else {
            return [.skip(.role, "no user to look for")]
        }
        do {
            let catalogue = try await RoleCatalogue.read(user: user, as: administrator, environment)
            return RoleCheck(catalogue: catalogue, user: user, token: token?.claims).findings()
        } catch {
            let text = CommandFailure(error).text.replacing("passgres: ", with: "")
            return [.skip(.role, foreign(text, upTo: 4_000))]
        }
    }
}
