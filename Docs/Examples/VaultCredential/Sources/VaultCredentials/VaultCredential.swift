public import CredentialHTTP
import FoundationEssentials
public import TokenCredentials

/// A user and password that HashiCorp Vault's database engine makes for the asking.
///
/// Reads `VAULT_ADDR`, `VAULT_TOKEN` and `VAULT_DATABASE_ROLE`. Unavailable where `VAULT_ADDR` is not set.
public struct VaultCredential: TokenCredential {
    /// The name, `"vault"`.
    public let name = "vault"
    private let environment: ProcessEnvironment
    private let http: any HTTPTransport
    private let clock: any WallClock

    /// Looks at nothing: all looking happens when a token is asked for.
    public init(
        environment: ProcessEnvironment = .current, http: any HTTPTransport = CurlTransport.shared,
        clock: any WallClock = SystemClock()
    ) {
        self.environment = environment
        self.http = http
        self.clock = clock
    }

    /// Asks Vault for a user and a password: the password is the token.
    public func token(for request: TokenRequest) async throws(CredentialError) -> AccessToken {
        guard let address = environment["VAULT_ADDR"] else {
            throw .unavailable(Diagnosis("VAULT_ADDR is not set", remedy: "Set it to the address of a Vault."))
        }
        guard let secret = environment["VAULT_TOKEN"], let role = environment["VAULT_DATABASE_ROLE"] else {
            throw .failed(
                Diagnosis(
                    "VAULT_ADDR is set, and VAULT_TOKEN or VAULT_DATABASE_ROLE is not", remedy: "Set all three.",
                    kind: .misconfigured))
        }
        let url = "\(address)/v1/database/creds/\(HTTPRequest.percentEncoded(role))"
        let response: HTTPResponse
        do throws(HTTPTransportError) {
            response = try await http.send(HTTPRequest(.get, url, headers: [("X-Vault-Token", secret)]))
        } catch {
            if error == .cancelled { throw .cancelled }
            throw .failed(
                Diagnosis("Vault \(error)", kind: error.isTemporary ? .temporary : .misconfigured, cause: error))
        }
        guard response.status == 200 else { throw .failed(refusal(response.status)) }
        guard let reply = try? JSONDecoder().decode(Reply.self, from: Data(response.body)) else {
            throw .failed("Vault's answer is not that of its database engine")
        }
        return AccessToken(
            secret: reply.data.password, expiresAt: clock.now.addingTimeInterval(reply.lease_duration),
            user: reply.data.username)
    }

    private func refusal(_ status: Int) -> Diagnosis {
        Diagnosis(
            "Vault refused to make a user", remedy: "Check the policy of VAULT_TOKEN and the name of the role.",
            kind: status == 429 || status >= 500 ? .temporary : .refused, facts: [.init("HTTP status", "\(status)")])
    }

    private struct Reply: Decodable {
        struct Login: Decodable {
            let username: String
            let password: String
        }
        let lease_duration: Double
        let data: Login
    }
}

extension CredentialRegistry {
    /// Lets `PASSGRES_CREDENTIALS` choose `vault`.
    public mutating func registerVault() {
        register("vault") { environment in VaultCredential(environment: environment) }
    }
}
