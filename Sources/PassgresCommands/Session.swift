import FoundationEssentials
import PostgresCredentials
import TokenCredentials

/// What every command that needs a token begins with: the connection, the request and the chain.
struct Session: Sendable {
    /// The connection, with everything that variables and service files add to it.
    let connection: ConnectionInfo
    /// The variables, with the options in their place.
    let environment: ProcessEnvironment
    /// What is asked for.
    let request: TokenRequest
    /// Who is asked.
    let chain: CredentialChain
    private let seconds: Double

    /// Reads connection, options and variables; asks nobody.
    init(_ text: String?, _ options: CredentialOptions, _ common: CommonOptions) throws {
        do {
            let current = ProcessEnvironment.current
            connection = try ConnectionInfo(text ?? "").resolved(in: current)
            let hosts = try connection.servers().compactMap(\.name)
            environment = options.environment(for: hosts, from: current)
            request = try options.request(for: hosts, in: environment)
            chain = try options.chain(in: environment, announcing: WaitNotice(quiet: common.quiet))
            seconds = common.timeout ?? 30
        } catch {
            throw CommandFailure(error)
        }
    }

    /// A token, within the time the command has.
    func token() async throws -> AccessToken {
        try await bounded { try await chain.token(for: request) }
    }

    /// The connection with user and password, and the token that the password is, within the time the command has.
    ///
    /// What is said of the connection, such as its `sslmode`, is checked before a token is asked for.
    func login(allowing insistedMode: SSLMode?) async throws -> (connection: ConnectionInfo, token: AccessToken) {
        try await bounded {
            let witness = WitnessedCredential(base: chain)
            let connection = try await connection.authenticated(
                with: witness, for: request, allowing: insistedMode, in: environment)
            guard let token = witness.token else { throw CommandFailure(.defect, "a password without a token") }
            return (connection, token)
        }
    }

    /// The user the connection names, else the one the token is for; `nil` if neither says.
    func userName(for token: AccessToken) -> String? {
        connection.isUserSaid ? connection.user : (try? RoleName(for: token))?.name
    }

    private func bounded<Value: Sendable>(_ work: @escaping @Sendable () async throws -> Value) async throws -> Value {
        do {
            return try await within(seconds: seconds, work)
        } catch {
            throw CommandFailure(error)
        }
    }
}

/// Another credential; what it gave last is remembered.
private final class WitnessedCredential: TokenCredential {
    private let base: any TokenCredential
    private let last = Guarded<AccessToken?>(nil)

    init(base: any TokenCredential) { self.base = base }

    var name: String { base.name }
    var token: AccessToken? { last.withLock { $0 } }

    func token(for request: TokenRequest) async throws(CredentialError) -> AccessToken {
        let token = try await base.token(for: request)
        last.withLock { $0 = token }
        return token
    }
}
