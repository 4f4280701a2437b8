public import CredentialHTTP
package import EntraSignIn
import EntraTokenEndpoint
public import TokenCredentials

/// A person who has signed in before, with `passgres login` or with a credential that keeps the sign-in in a store.
///
/// Asks Entra for a token with the refresh token kept, and keeps the one that replaces it in the same place. Nobody is
/// prompted, neither to sign in nor to unlock. The sign-in says which application and identity service it is for;
/// `AZURE_TENANT_ID` and the request may name another tenant.
///
/// Throws ``CredentialError/unavailable(_:)`` where there is no secret store, nothing is kept or known to be, or what is kept
/// is for another identity service than `AZURE_AUTHORITY_HOST`. What is locked, damaged or refused is
/// ``CredentialError/failed(_:)``.
public struct SecretStoreCredential: ConfiguredCredential {
    private enum Place: Sendable {
        case given(any SecretStore)
        case machine(LibsecretStore)
    }

    /// The name, `"secret-store"`.
    public let name = "secret-store"
    private let place: Place
    private let profile: String
    private let environment: ProcessEnvironment
    private let http: any HTTPTransport
    private let clock: any WallClock
    private let reporting: @Sendable (Diagnosis) -> Void

    /// Describes where the sign-in is kept; looks at nothing yet.
    ///
    /// - Parameters:
    ///   - profile: The name under which it is kept.
    ///   - store: Where it is kept; without one, wherever ``SecretStoreChoice/forFinding(environment:service:)`` says.
    ///   - reporting: Told of trouble with keeping a new refresh token, which never costs the token at hand.
    public init(
        profile: String = "default", environment: ProcessEnvironment = .current, store: (any SecretStore)? = nil,
        http: any HTTPTransport = CurlTransport.shared, clock: any WallClock = SystemClock(),
        reporting: @escaping @Sendable (Diagnosis) -> Void = { _ in }
    ) {
        self.place = store.map(Place.given) ?? .machine(LibsecretStore(environment: environment))
        self.profile = profile
        self.environment = environment
        self.http = http
        self.clock = clock
        self.reporting = reporting
    }

    /// Whether anything is kept, only the store can tell.
    public var configuration: CredentialConfiguration { .unknown("the secret store would be asked for a sign-in") }

    /// Exchanges the sign-in that is kept for a token.
    ///
    /// Throws as the type's own description says.
    public func token(for request: TokenRequest) async throws(CredentialError) -> AccessToken {
        let (signIn, kept, _) = try await find()
        let endpoint = try endpoint(for: signIn)
        switch try await SilentRefresh(endpoint, kept).token(for: request) {
        case .token(let token): return token
        case .nothingKept: throw Self.nothingKept(profile)
        case .personNeeded(let error, _): throw error
        }
    }

    /// The sign-in that a token would be asked for with, and the store it is in.
    ///
    /// Throws what ``token(for:)`` would where there is none to be used.
    package func usableSignIn() async throws(CredentialError) -> (signIn: SignIn, store: any SecretStore) {
        let (signIn, _, store) = try await find()
        _ = try endpoint(for: signIn)
        return (signIn, store)
    }

    private func endpoint(for signIn: SignIn) throws(CredentialError) -> TokenEndpoint {
        if let text = environment["AZURE_AUTHORITY_HOST"] {
            let authority = try Authority(text)
            guard authority == signIn.authority else {
                throw .unavailable(
                    Diagnosis(
                        "the sign-in that is kept is for \(signIn.authority.host), and not for \(authority.host)",
                        remedy: "Sign in to that one: passgres login.", kind: .signInNeeded))
            }
        }
        return TokenEndpoint(
            authority: signIn.authority, tenant: environment["AZURE_TENANT_ID"]?.trimmed ?? signIn.tenant,
            clientID: signIn.clientID, tenantRules: TenantRules(environment),
            settings: SettingNames(tenant: "AZURE_TENANT_ID", proof: "the sign-in"), http: http, clock: clock)
    }

    private func find() async throws(CredentialError) -> (SignIn, KeptSignIn, any SecretStore) {
        let places: [(store: any SecretStore, kind: SecretStoreChoice.Kind?)] =
            switch place {
            case .given(let store): [(store, nil)]
            case .machine(let service):
                try SecretStoreChoice.forFinding(environment: environment, service: service).map { ($0.store, $0.kind) }
            }
        var absence: String?
        var hidden: String?
        for (store, kind) in places {
            let kept = KeptSignIn(in: store, profile: profile, reporting: reporting)
            switch await kept.find() {
            case .nothing: continue
            case .signIn(let signIn): return (signIn, kept, store)
            case .unusable(let defect):
                throw .failed(
                    Diagnosis(
                        "the sign-in kept for profile \(quoted(profile)) \(defect)", remedy: .signInAgain,
                        kind: .signInNeeded))
            case .unreachable(.absent(let finding)): absence = absence ?? finding
            // Nobody is known to have kept anything there.
            case .unreachable(.hidden(let finding)): hidden = finding
            case .unreachable(let error): throw Self.unreachable(error, kind)
            }
        }
        if let absence {
            throw .unavailable(
                Diagnosis(
                    "there is no secret store here: \(absence)",
                    remedy: "Sign in with passgres login, which says where it can keep the sign-in.",
                    kind: .signInNeeded))
        }
        guard let hidden else { throw Self.nothingKept(profile) }
        throw .unavailable(
            Diagnosis(
                "nobody is known to have signed in under the profile \(quoted(profile)): \(hidden)",
                remedy: "Unlock the secret service if a sign-in is kept there, or sign in: passgres login.",
                kind: .signInNeeded))
    }

    private static func nothingKept(_ profile: String) -> CredentialError {
        .unavailable(
            Diagnosis(
                "nobody has signed in under the profile \(quoted(profile))", remedy: "Sign in: passgres login.",
                kind: .signInNeeded))
    }

    private static func unreachable(_ error: SecretStoreError, _ kind: SecretStoreChoice.Kind?) -> CredentialError {
        switch error {
        case .failed(let words) where kind == .file:
            .failed(
                Diagnosis(
                    "the file of secrets cannot be used: \(words)",
                    remedy: "Remove it and sign in again with passgres login, after looking how it came to be so.",
                    kind: .misconfigured, cause: error))
        case .cancelled: .cancelled
        case .locked(let finding), .hidden(let finding):
            .failed(
                Diagnosis(
                    "a sign-in is kept, and the secret store is locked: \(finding)",
                    remedy: "Unlock the keyring, or sign in again with passgres login where somebody can.",
                    kind: .signInNeeded, cause: error))
        case .absent(let words), .failed(let words):
            .failed(
                Diagnosis(
                    "the secret store did not serve: \(words)",
                    remedy: "Look after the secret store, or leave secret-store out of the credentials.",
                    kind: .temporary, retryAfter: .seconds(10), cause: error))
        @unknown default:
            .failed(Diagnosis("the secret store did not serve", kind: .temporary, cause: error))
        }
    }
}

extension SecretStoreCredential: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The name and the profile.
    public var description: String { "SecretStoreCredential(\(quoted(profile)))" }

    /// The same as ``description``.
    public var debugDescription: String { description }

    /// Nothing but the ``description``.
    public var customMirror: Mirror { Mirror(self, children: ["credential": description]) }
}
