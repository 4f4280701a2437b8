import FoundationEssentials
public import TokenCredentials

/// A login to Amazon RDS or Aurora with IAM: a signed address that serves as the password for 15 minutes.
///
/// Reads `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` and perhaps `AWS_SESSION_TOKEN`. Unavailable without the first. The
/// signature holds the server's name, so that it has to be the real endpoint and no alias of it.
public struct RDSCredential: TokenCredential {
    /// The name, `"rds"`.
    public let name = "rds"
    /// How long a signature is good for, in seconds.
    public static let lifetime = 900
    private let host: String
    private let port: Int
    private let user: String
    private let region: String
    private let environment: ProcessEnvironment
    private let clock: any WallClock

    /// Describes the login; looks at nothing.
    public init(
        host: String, port: Int = 5432, user: String, region: String, environment: ProcessEnvironment = .current,
        clock: any WallClock = SystemClock()
    ) {
        self.host = host
        self.port = port
        self.user = user
        self.region = region
        self.environment = environment
        self.clock = clock
    }

    /// Signs an address. Asks nobody, and does not look at the scopes, which are Entra's.
    public func token(for request: TokenRequest) async throws(CredentialError) -> AccessToken {
        guard let keyID = environment["AWS_ACCESS_KEY_ID"] else {
            throw .unavailable(Diagnosis("AWS_ACCESS_KEY_ID is not set", remedy: "Set an access key of AWS."))
        }
        guard let key = environment["AWS_SECRET_ACCESS_KEY"] else {
            throw .failed(
                Diagnosis(
                    "AWS_ACCESS_KEY_ID is set, and AWS_SECRET_ACCESS_KEY is not", remedy: "Set both.",
                    kind: .misconfigured))
        }
        let now = clock.now
        let signer = RequestSigner(keyID: keyID, key: key, session: environment["AWS_SESSION_TOKEN"], region: region)
        return AccessToken(
            secret: signer.signedAddress(host: host, port: port, user: user, at: now, lifetime: Self.lifetime),
            expiresAt: now.addingTimeInterval(Double(Self.lifetime)), user: user)
    }
}
