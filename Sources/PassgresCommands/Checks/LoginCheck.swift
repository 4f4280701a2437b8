import KnownFailures
import PostgresCredentials
import TokenCredentials

/// Logs in once, and reads what the server says in the table of failures.
struct LoginCheck {
    let tls: TLSCheck
    let user: String
    let database: String
    let token: AccessToken
    let circumstances: Circumstances
    /// In seconds; a server that checks tokens asks others for their keys first.
    var limit = 10

    func findings() async -> [CheckFinding] {
        let exchange = LoginExchange(user: user, database: database, password: token.secret)
        let (address, authorities) = (tls.address, tls.authorities)
        let (name, mode) = (tls.server.name ?? tls.server.address, tls.mode)
        let answer = await onOwnThread(within: .seconds(limit + 2)) {
            [limit]
            () -> Result<LoginExchange.Outcome, WireError> in
            Result { () throws(WireError) -> LoginExchange.Outcome in
                let connection = try ServerConnection(to: address, within: limit)
                if try connection.requestTLS() {
                    let certificate = try connection.startTLS(as: name, trusting: authorities)
                    // Another server may have answered this time.
                    guard !mode.verifies || certificate.isTrusted, mode != .verifyFull || certificate.isNameRight else {
                        throw .tls("certificate verify failed")
                    }
                } else if mode >= .require {
                    throw .tls("server does not support SSL")
                }
                return try exchange.run(over: connection)
            }
        }
        return [finding(for: answer)]
    }

    /// What an answer means; none came in time where there is none.
    func finding(for answer: Result<LoginExchange.Outcome, WireError>?) -> CheckFinding {
        var values = circumstances.values
        values[.user] = user
        values[.role] = user
        values[.database] = database
        switch answer {
        case .success(.done(let version))?:
            return .ok(
                .login,
                "logged in as \(quoted(user)) to \(quoted(database))" + (version.map { ", PostgreSQL \($0)" } ?? ""))
        case .success(.refused(let text, let sqlState))?: return refusal(text, sqlState, values)
        case .success(.wantsOther(let number))?:
            let (code, method) =
                number == 5 ? ("X04", "MD5") : number == 10 ? ("X02", "SCRAM") : ("X03", "another proof")
            return .fail(.login, code, "the server asks \(quoted(user)) for \(method) and not for a token", values)
        case .success(.askedNothing)?:
            return .warn(.login, "L20", "the server let \(quoted(user)) in without asking for a password", values)
        case .failure(.closed)?:
            let isLong = token.secret.utf8.count > LengthCheck.poolerLimit
            return .fail(
                .login, isLong ? "P01" : "N12",
                "the server closed the connection after the token of \(token.secret.utf8.count) bytes", values)
        case .failure(.timedOut)?, nil:
            // A PgBouncer that could not log in to its server lets clients wait for its next attempt, and says nothing.
            return tls.server.port == "6432"
                ? .fail(.login, "P11", "the pooler at port 6432 did not answer the login within \(limit) s", values)
                : .fail(.login, "N18", "the server did not answer the login within \(limit) s", values)
        case .failure(.system(let code))?:
            return .fail(.login, "N02", "the login was cut: \(SystemError.text(of: code))", values)
        case .failure(.tls(let reason))?:
            return .fail(
                .login, FailureTable.matches(in: reason).first?.failure.code ?? "N16", "the login failed: \(reason)",
                values)
        case .failure(.strange(let text))?: return .fail(.login, "N18", "the login failed: \(text)", values)
        }
    }

    private func refusal(_ text: String, _ sqlState: String?, _ values: [Placeholder: String]) -> CheckFinding {
        let shown = foreign(text, upTo: 4_000)
        let state = sqlState.map { " (\($0))" } ?? ""
        let match = FailureTable.matches(in: text + state, sqlState: sqlState).first
        var finding = CheckFinding.fail(
            .login, match?.failure.code, "the server says \(shown)\(state)", values, remedy: match?.remedy(in: values))
        // A text that names the cause is worth more than anything guessed before it was asked.
        if match?.failure.weight == .cause { finding.rank = CheckFinding.rankOfServersWord }
        return finding
    }
}
