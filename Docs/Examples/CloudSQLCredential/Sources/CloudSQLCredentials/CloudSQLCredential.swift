public import CredentialHTTP
import FoundationEssentials
public import TokenCredentials

/// The service account of a machine at Google, for Cloud SQL's IAM logins.
///
/// Asks the metadata server, which `GCE_METADATA_HOST` moves. Unavailable where there is none.
public struct CloudSQLCredential: TokenCredential {
    /// The name, `"cloud-sql"`.
    public let name = "cloud-sql"
    /// What a token for a login has to be good for.
    public static let scope = "https://www.googleapis.com/auth/sqlservice.login"
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

    /// Asks for the account's name, then for a token. The scopes of the request are Entra's, and not looked at.
    public func token(for request: TokenRequest) async throws(CredentialError) -> AccessToken {
        let email = try await ask("email")
        let body = try await ask("token?scopes=\(HTTPRequest.percentEncoded(Self.scope))")
        guard let reply = try? JSONDecoder().decode(Reply.self, from: Data(body)) else {
            throw .failed("the metadata server's answer holds no token")
        }
        return AccessToken(
            secret: reply.access_token, expiresAt: clock.now.addingTimeInterval(reply.expires_in),
            user: Self.user(of: String(decoding: email, as: UTF8.self)))
    }

    /// PostgreSQL at Google knows a service account by its address without this end.
    static func user(of email: String) -> String {
        let end = ".gserviceaccount.com"
        return email.hasSuffix(end) ? String(email.dropLast(end.count)) : email
    }

    private func ask(_ item: String) async throws(CredentialError) -> [UInt8] {
        let host = environment["GCE_METADATA_HOST"] ?? "metadata.google.internal"
        let request = HTTPRequest(
            .get, "http://\(host)/computeMetadata/v1/instance/service-accounts/default/\(item)",
            headers: [("Metadata-Flavor", "Google")], connectTimeout: .seconds(1), timeout: .seconds(5), proxy: .never)
        let response: HTTPResponse
        do throws(HTTPTransportError) {
            response = try await http.send(request)
        } catch {
            switch error {
            case .cancelled: throw .cancelled
            case .unknownHost, .unreachable, .connectTimeout:
                throw .unavailable(
                    Diagnosis("no metadata server of Google's answers here", remedy: "Run this on a machine at Google.")
                )
            default: throw .failed(Diagnosis("the metadata server \(error)", kind: .temporary, cause: error))
            }
        }
        // Whoever else answers there does not say this.
        guard response.header("Metadata-Flavor") == "Google" else {
            throw .unavailable("what answers as metadata server is not Google's")
        }
        guard response.status == 200 else {
            throw .failed(
                Diagnosis(
                    "the metadata server gave no token",
                    remedy: "Attach a service account with the scope \(Self.scope).",
                    kind: response.status >= 500 ? .temporary : .refused,
                    facts: [.init("HTTP status", "\(response.status)")]))
        }
        return response.body
    }

    private struct Reply: Decodable {
        let access_token: String
        let expires_in: Double
    }
}
