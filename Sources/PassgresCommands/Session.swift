import FoundationEssentials
import PostgresCredentials
import TokenCredentials

/// What every command that needs a token begins with: the connection, the request and the chain.
struct Session {
    /// The connection, with everything that variables and service files add to it.
    let connection: ConnectionInfo
    /// The variables, with the options in their place.
    let environment: ProcessEnvironment
    let request: TokenRequest
    let chain: CredentialChain
    private let seconds: Double

    /// Reads connection, options and variables; asks nobody.
    init(_ text: String?, _ options: CredentialOptions, _ common: CommonOptions) throws {
        let current = ProcessEnvironment.current
        do {
            connection = try ConnectionInfo(text ?? "").resolved(in: current)
        } catch {
            throw CommandFailure(error)
        }
        environment = options.environment(for: connection.hosts)
        do throws(CredentialError) {
            request = try options.request(for: connection.hosts, in: environment)
            chain = try options.chain(in: environment, announcing: WaitNotice(quiet: common.quiet))
        } catch {
            throw CommandFailure(error)
        }
        seconds = common.timeout ?? 30
    }

    /// A token, within the time the command has.
    func token() async throws -> AccessToken {
        try await bounded { [chain, request] in try await chain.token(for: request) }
    }

    /// The connection with user and password, within the time the command has.
    func authenticated(allowing weakest: SSLMode?) async throws -> ConnectionInfo {
        try await bounded { [chain, request, connection, environment] in
            try await connection.authenticated(
                with: chain, for: request, allowing: weakest, environment: environment)
        }
    }

    /// The user the connection names, else the one the token is for; `nil` if neither says.
    func userName(for token: AccessToken) -> String? {
        connection.isExplicit("user") ? connection.user : (try? RoleName(of: token))?.name
    }

    private func bounded<Value: Sendable>(_ work: @escaping @Sendable () async throws -> Value) async throws -> Value {
        do {
            return try await within(seconds: seconds, work)
        } catch {
            throw CommandFailure(error)
        }
    }
}
