public import CredentialHTTP
import EntraTokenEndpoint
import FoundationEssentials
public import TokenCredentials

/// An application, or a person, that the variables of the Azure libraries describe.
///
/// Takes `AZURE_CLIENT_SECRET`, else `AZURE_CLIENT_CERTIFICATE_PATH`, else `AZURE_USERNAME` with `AZURE_PASSWORD`, which
/// Entra has deprecated; and `AZURE_TENANT_ID`, `AZURE_CLIENT_ID` and perhaps `AZURE_AUTHORITY_HOST` beside it.
/// `PASSGRES_CLIENT_SECRET_NAME` and `PASSGRES_CLIENT_CERTIFICATE_PASSWORD_NAME` name a secret that is kept in a store, and
/// `PASSGRES_CLIENT_SECRET_FILE` names a file with the client secret, read anew for every token; each is in place of the
/// variable that would hold the secret, and to set two of them is a mistake.
public struct EnvironmentCredential: ConfiguredCredential {
    /// The name, `"environment"`.
    public let name = "environment"
    /// The longest file with a secret that is read, in bytes.
    private static let limit = 65_536
    private let environment: ProcessEnvironment
    private let findSecret: SecretLookup?
    private let files: any FileAccess
    private let http: any HTTPTransport
    private let clock: any WallClock

    /// Reads the variables when a token is asked for, and not before.
    ///
    /// - Parameter findSecret: Where a secret is looked for that a variable names. Without it such a name is refused:
    ///   this module knows no store.
    public init(
        environment: ProcessEnvironment = .current, files: any FileAccess = LocalFiles(),
        http: any HTTPTransport = CurlTransport.shared,
        clock: any WallClock = SystemClock(), findingSecret findSecret: SecretLookup? = nil
    ) {
        self.environment = environment
        self.findSecret = findSecret
        self.files = files
        self.http = http
        self.clock = clock
    }

    /// Which of the variables are set, by name.
    public var configuration: CredentialConfiguration {
        do throws(CredentialError) {
            return .configured(by: try EnvironmentChoice(environment).finding)
        } catch {
            return .notConfigured(error.diagnosis?.problem ?? "nothing is set")
        }
    }

    /// Asks Entra for a token.
    ///
    /// Throws ``CredentialError/unavailable(_:)`` where no secret, certificate, user or password is set, and
    /// ``CredentialError/failed(_:)`` where one is and another variable is missing, something cannot be read, or Entra
    /// says no.
    public func token(for request: TokenRequest) async throws(CredentialError) -> AccessToken {
        let choice = try EnvironmentChoice(environment)
        do throws(CredentialError) {
            return try await fetch(choice, for: request)
        } catch {
            throw choice.noted(in: error)
        }
    }

    private func fetch(_ choice: EnvironmentChoice, for request: TokenRequest) async throws(CredentialError)
        -> AccessToken
    {
        let endpoint = TokenEndpoint(
            authority: try environment["AZURE_AUTHORITY_HOST"].map { (text) throws(CredentialError) in
                try Authority(text)
            }
                ?? AzureCloud.public.authority,
            tenant: environment["AZURE_TENANT_ID"]?.trimmed ?? "organizations",
            clientID: environment["AZURE_CLIENT_ID"]?.trimmed ?? "", tenantRules: TenantRules(environment),
            settings: .variables(proof: choice.proofWords), http: http, clock: clock)
        switch choice.kind {
        case .secret(let secret):
            return try await ClientSecretCredential(endpoint, findingSecret: finding(secret)).token(for: request)
        case .certificate(let path, let password):
            let sendsChain = ["1", "true"].contains(environment["AZURE_CLIENT_SEND_CERTIFICATE_CHAIN"]?.lowercased())
            return try await ClientCertificateCredential(
                endpoint, .file(path), passwordName: password?.words ?? EnvironmentChoice.certificatePassword,
                sending: sendsChain ? .chain : .thumbprint, signature: .ps256, files: files, clock: clock,
                findingPassword: findingAny(password)
            ).token(for: request)
        case .password(let user, let password):
            return try await endpoint.token(.password(user: user, password: password), for: request).token
        }
    }

    private func finding(_ secret: ChosenSecret) -> @Sendable () async throws(CredentialError) -> String {
        @Sendable func find() async throws(CredentialError) -> String {
            switch secret {
            case .value(_, let value): return value
            case .kept(let variable, let name):
                guard let findSecret else {
                    throw .failed(
                        Diagnosis(
                            "\(variable) is set, and this program looks in no store for secrets",
                            remedy: "Unset \(variable) and give the secret itself.", kind: .misconfigured))
                }
                return try await findSecret(name)
            case .file(let variable, let path): return try await onOwnThread(reading(path, variable))
            }
        }
        return find
    }

    /// Reads a file that holds nothing but a secret, as systemd's `LoadCredential=` and Kubernetes make them.
    private func reading(_ path: String, _ variable: String) -> @Sendable () throws(CredentialError) -> String {
        @Sendable func read() throws(CredentialError) -> String {
            let contents: Data?
            do throws(FileError) {
                contents = try files.contents(ofFile: path, limit: Self.limit)
            } catch {
                throw .failed(
                    Diagnosis(
                        "the client secret cannot be read: \(error)",
                        remedy: "Check \(variable) and the file's owner and mode.", kind: .misconfigured, cause: error))
            }
            guard let contents else {
                throw .failed(
                    Diagnosis(
                        "there is no file \(path) with the client secret",
                        remedy: "Check \(variable), and that the file is mounted.", kind: .misconfigured))
            }
            return String(decoding: contents.withoutByteOrderMark, as: UTF8.self)
        }
        return read
    }

    private func findingAny(_ secret: ChosenSecret?) -> @Sendable () async throws(CredentialError) -> String? {
        let find = secret.map(finding)
        @Sendable func findAny() async throws(CredentialError) -> String? { try await find?() }
        return findAny
    }
}

extension EnvironmentCredential: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The name alone.
    public var description: String { "EnvironmentCredential" }

    /// The same as ``description``.
    public var debugDescription: String { description }

    /// Nothing but the ``description``.
    public var customMirror: Mirror { Mirror(self, children: ["credential": description]) }
}
