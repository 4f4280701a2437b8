import FoundationEssentials
import KnownFailures
import PostgresCredentials
import TokenCredentials

/// Logs in as a program tried to that ended with a fault, to say what stood in its way.
///
/// The program's own words are not read: they went to the user, and a pipe in between would take the terminal from it.
struct RefusedLogin: Sendable {
    /// The connection, with the password the program was given.
    let connection: ConnectionInfo
    let request: TokenRequest
    let environment: ProcessEnvironment
    let now = Date()
    /// For the answer to the password, in seconds.
    private static let limit = 5

    /// The likeliest cause; `nil` also as soon as a signal asks to end, since the program that had it is gone.
    func causeUnlessSignalled() async -> CheckFinding? {
        await withTaskGroup(of: CheckFinding?.self) { group in
            group.addTask { await cause() }
            group.addTask {
                while !Task.isCancelled, !ForwardedSignals.hasCome { try? await Task.sleep(for: .milliseconds(50)) }
                return nil
            }
            defer { group.cancelAll() }
            return await group.next() ?? nil
        }
    }

    /// The likeliest cause; `nil` if the server lets us in, so that the program's fault was another.
    func cause() async -> CheckFinding? {
        guard let user = connection.user, let password = StoredPassword(connection, environment) else { return nil }
        let token = password.token ?? AccessToken(secret: password.text, expiresAt: .distantFuture)
        async let way = ServerPaths(connection: connection, environment: environment, now: now).findings()
        var findings =
            password.token == nil
            ? []
            : TokenCheck(
                connection: connection, request: request, tenant: environment["AZURE_TENANT_ID"], now: now
            ).findings(for: token, from: password.place)
        let (path, tls) = await way
        findings += path
        if let tls {
            let login = await LoginCheck(
                tls: tls, user: user, database: connection.database ?? user, token: token,
                circumstances: Circumstances(connection, in: environment), limit: Self.limit
            ).findings()
            guard login.contains(where: { $0.outcome == .fail }) else { return nil }
            findings = LoginVerdict(login).applied(to: findings) + login
        }
        return findings.inOrderOfConcern.first { $0.outcome == .fail }
    }
}
