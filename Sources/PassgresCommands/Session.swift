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
    private let common: CommonOptions
    private var seconds: Double { common.timeout ?? 30 }

    /// Reads connection, options and variables; asks nobody.
    ///
    /// `change` is applied to what the text says, before variables and service files are looked at.
    init(
        _ text: String?, _ options: CredentialOptions, _ common: CommonOptions,
        _ change: (inout ConnectionInfo) -> Void = { _ in }
    ) throws {
        do {
            let current = ProcessEnvironment.current
            var said = try ConnectionInfo(text ?? "")
            change(&said)
            said.serverKind = options.serverKind.kind
            connection = try said.resolved(in: current)
            let hosts = try connection.servers().compactMap(\.name)
            environment = options.environment(for: hosts, from: current)
            request = try options.request(for: hosts, in: environment)
            chain = try options.chain(in: environment, announcing: WaitNotice(quiet: common.quiet), quiet: common.quiet)
            self.common = common
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
    ///
    /// - Parameter version: the libpq that will read the connection.
    func login(
        allowing insistedMode: SSLMode?, targeting version: LibpqVersion = .oldest
    ) async throws -> (connection: ConnectionInfo, token: AccessToken) {
        try await bounded {
            let witness = LastToken(chain)
            let connection = try await connection.authenticated(
                with: witness, for: request, allowing: insistedMode, targeting: version, in: environment)
            guard let token = witness.token else { throw CommandFailure(.defect, "a password without a token") }
            _ = userName(for: token)
            return (connection, token)
        }
    }

    /// The user the connection names, else the one the token is for; `nil` if neither says. A guess is noted as one.
    func userName(for token: AccessToken) -> String? {
        let role = try? connection.role(for: token)
        if let guess = role?.guess { common.note(guess) }
        return role?.name
    }

    private func bounded<Value: Sendable>(_ work: @escaping @Sendable () async throws -> Value) async throws -> Value {
        do {
            return try await within(seconds: seconds, work)
        } catch {
            throw CommandFailure(error)
        }
    }
}
