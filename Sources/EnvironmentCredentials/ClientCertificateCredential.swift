public import CredentialHTTP
import EntraTokenEndpoint
import FoundationEssentials
public import TokenCredentials

/// Where a certificate and its private key come from: PEM in any order, PKCS#12, or the base64 of PKCS#12.
@nonexhaustive
public enum CertificateSource: Sendable {
    /// A file, read anew for every token so that a renewed certificate is used at once.
    case file(String)
    /// The contents of such a file.
    case contents([UInt8])
}

/// An application that proves itself with a certificate.
///
/// Signs a new assertion for every token, good for ten minutes. Takes RSA keys, encrypted or not.
public struct ClientCertificateCredential: TokenCredential {
    /// The name, `"client-certificate"`.
    public let name = "client-certificate"
    private let endpoint: TokenEndpoint
    private let certificate: CertificateSource
    private let findPassword: @Sendable () async throws(CredentialError) -> String?
    private let passwordName: String
    private let sending: CertificateSending
    private let signature: AssertionSignature
    private let files: any FileAccess
    private let clock: any WallClock

    /// The longest file read, in bytes: many times a key with a long chain.
    private static let limit = 262_144

    /// Takes the application's tenant and client id, and its certificate with the private key.
    ///
    /// - Parameter password: What opens the private key, if it is encrypted.
    /// - Parameter additionallyAllowedTenants: Tenants besides its own that a request may name; `*` stands for all.
    public init(
        tenant: String, clientID: String, certificate: CertificateSource, password: String? = nil,
        sending: CertificateSending = .thumbprint, signature: AssertionSignature = .ps256,
        authority: Authority = AzureCloud.public.authority, additionallyAllowedTenants: [String] = [],
        files: any FileAccess = LocalFiles(), http: any HTTPTransport = CurlTransport.shared,
        clock: any WallClock = SystemClock()
    ) {
        @Sendable func passwordAtHand() async throws(CredentialError) -> String? { password }
        self.init(
            TokenEndpoint(
                authority: authority, tenant: tenant, clientID: clientID,
                tenantRules: TenantRules(additionallyAllowed: additionallyAllowedTenants),
                settings: SettingNames(proof: "the certificate"), http: http, clock: clock),
            certificate, passwordName: "the password", sending: sending, signature: signature, files: files,
            clock: clock, findingPassword: passwordAtHand)
    }

    /// Takes the application's tenant and client id, its certificate with the private key, and a way to find what opens
    /// the key, which is used for every token.
    ///
    /// - Parameter additionallyAllowedTenants: Tenants besides its own that a request may name; `*` stands for all.
    /// - Parameter findPassword: Returns the password; whatever it throws is passed on.
    public init(
        tenant: String, clientID: String, certificate: CertificateSource,
        sending: CertificateSending = .thumbprint, signature: AssertionSignature = .ps256,
        authority: Authority = AzureCloud.public.authority, additionallyAllowedTenants: [String] = [],
        files: any FileAccess = LocalFiles(), http: any HTTPTransport = CurlTransport.shared,
        clock: any WallClock = SystemClock(),
        findingPassword findPassword: @escaping @Sendable () async throws(CredentialError) -> String
    ) {
        @Sendable func password() async throws(CredentialError) -> String? { try await findPassword() }
        self.init(
            TokenEndpoint(
                authority: authority, tenant: tenant, clientID: clientID,
                tenantRules: TenantRules(additionallyAllowed: additionallyAllowedTenants),
                settings: SettingNames(proof: "the certificate"), http: http, clock: clock),
            certificate, passwordName: "the password", sending: sending, signature: signature, files: files,
            clock: clock, findingPassword: password)
    }

    init(
        _ endpoint: TokenEndpoint, _ certificate: CertificateSource, passwordName: String, sending: CertificateSending,
        signature: AssertionSignature, files: any FileAccess, clock: any WallClock,
        findingPassword: @escaping @Sendable () async throws(CredentialError) -> String?
    ) {
        self.endpoint = endpoint
        self.certificate = certificate
        self.passwordName = passwordName
        self.findPassword = findingPassword
        self.sending = sending
        self.signature = signature
        self.files = files
        self.clock = clock
    }

    /// Signs an assertion and asks Entra for a token.
    ///
    /// Throws ``CredentialError/failed(_:)`` for a file that cannot be read or holds no key and certificate that belong
    /// together, for a certificate that is not valid today, and for whatever Entra answers but a token;
    /// ``CredentialError/unavailable(_:)`` only if the way to find the password throws that.
    public func token(for request: TokenRequest) async throws(CredentialError) -> AccessToken {
        let (assertion, thumbprint) = try await signed(for: request)
        do throws(CredentialError) {
            return try await endpoint.token(.clientAssertion(assertion.text), for: request).token
        } catch {
            guard case .failed(var diagnosis) = error, diagnosis.cause is EntraError else { throw error }
            diagnosis.facts.append(.init("certificate thumbprint", thumbprint))
            throw .failed(diagnosis)
        }
    }

    /// Signs an assertion for a request to Entra that somebody else makes, such as one on behalf of a person.
    ///
    /// Good for ten minutes and for one request. Throws as ``token(for:)`` does, save for what Entra answers.
    public func clientAssertion(for request: TokenRequest) async throws(CredentialError) -> String {
        try await signed(for: request).assertion.text
    }

    private func signed(
        for request: TokenRequest
    ) async throws(CredentialError) -> (assertion: SignedAssertion, thumbprint: String) {
        let audience = try endpoint.address(for: request)
        // Opening an encrypted key may take a while by design, and the file may be on a slow disk.
        return try await onOwnThread(signing(for: audience, password: findPassword()))
    }

    private func signing(
        for audience: String, password: String?
    ) -> @Sendable () throws(CredentialError) -> (assertion: SignedAssertion, thumbprint: String) {
        @Sendable func sign() throws(CredentialError) -> (assertion: SignedAssertion, thumbprint: String) {
            let identity = try identity(password)
            if let error = error(forValidityOf: identity.leaf) { throw error }
            do throws(KeyDefect) {
                let assertion = try SignedAssertion(
                    of: endpoint.clientID, for: audience, signedBy: identity, signature, sending: sending,
                    at: clock.now)
                return (assertion, identity.leaf.thumbprint)
            } catch {
                throw error.error(in: place, passwordName: passwordName)
            }
        }
        return sign
    }

    private func identity(_ password: String?) throws(CredentialError) -> SigningIdentity {
        let contents = try contents()
        do throws(KeyDefect) {
            return try SigningIdentity(contents, password: password)
        } catch {
            throw error.error(in: place, passwordName: passwordName)
        }
    }

    private func contents() throws(CredentialError) -> [UInt8] {
        let path: String
        switch certificate {
        case .contents(let bytes): return bytes
        case .file(let name): path = name
        }
        let remedy = "Check \(endpoint.settings.proof) and the file's owner and mode."
        do throws(FileError) {
            guard let data = try files.contents(ofFile: path, limit: Self.limit) else {
                throw FileError("reading", path, .system(errno: 2))
            }
            return Array(data)
        } catch {
            throw .failed(
                Diagnosis(
                    "the certificate cannot be read: \(error)", remedy: remedy, kind: .misconfigured, cause: error))
        }
    }

    private func error(forValidityOf leaf: Certificate) -> CredentialError? {
        let now = clock.now
        guard now < leaf.notBefore || now > leaf.notAfter else { return nil }
        let span = "it is valid from \(leaf.notBefore.ISO8601Format()) to \(leaf.notAfter.ISO8601Format())"
        let isOver = now > leaf.notAfter
        return .failed(
            Diagnosis(
                "the certificate in \(place) \(isOver ? "has expired" : "is not valid yet"): \(span)",
                remedy: isOver
                    ? "Put a new certificate there, after uploading it to the app registration."
                    : "Check the clock, which says \(now.ISO8601Format()), or wait.",
                kind: .refused, facts: [.init("certificate thumbprint", leaf.thumbprint)]))
    }

    private var place: String {
        if case .file(let path) = certificate { path } else { "the certificate given" }
    }
}

extension ClientCertificateCredential: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The client id, the tenant and the file, without the password.
    public var description: String {
        "ClientCertificateCredential(client \(quoted(endpoint.clientID)), tenant \(quoted(endpoint.tenant)), \(place))"
    }

    /// The same as ``description``.
    public var debugDescription: String { description }

    /// Nothing but the ``description``.
    public var customMirror: Mirror { Mirror(self, children: ["credential": description]) }
}

extension CertificateSource: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The file's name, or that there is none.
    public var description: String {
        switch self {
        case .file(let path): path
        case .contents(let bytes): "\(bytes.count) bytes"
        }
    }

    /// The same as ``description``.
    public var debugDescription: String { description }

    /// Nothing but the ``description``.
    public var customMirror: Mirror { Mirror(self, children: ["source": description]) }
}
