public import TokenCredentials

/// Which store keeps a person's secrets on this machine, and why that one.
///
/// The secret service goes first. A file is taken only where somebody asked for it by name, in `PASSGRES_SECRET_STORE` or
/// outright; without either, secrets end with the program. What was asked for is taken even if it is not there: nothing
/// weaker takes its place silently.
public struct SecretStoreChoice: Sendable {
    /// The stores there are.
    @nonexhaustive
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        /// The desktop's secret service.
        case secretService = "secret-service"
        /// A file that only its owner can read.
        case file
        /// This program's memory.
        case memory
    }

    /// The variable that names a store.
    public static let variable = "PASSGRES_SECRET_STORE"

    /// Which one.
    public let kind: Kind
    /// The store itself.
    public let store: any SecretListing
    /// Where secrets are kept, such as `"the file /home/ada/.local/state/passgres/secrets.json"`.
    public let place: String
    /// Half a sentence that follows the place: why this one.
    public let reason: String

    /// Chooses the place for a new secret; asks the secret service how it is, and prompts nobody.
    ///
    /// - Parameters:
    ///   - kind: The store that somebody asked for by name; goes before the variable.
    ///   - service: The secret service, as it is to be used.
    ///
    /// Throws ``CredentialError/failed(_:)`` for a variable that names no store and for a file without a home, and
    /// ``CredentialError/cancelled``.
    public static func forKeeping(
        in kind: Kind? = nil, environment: ProcessEnvironment = .current, service: LibsecretStore = LibsecretStore()
    ) async throws(CredentialError) -> SecretStoreChoice {
        if let choice = try named(kind, environment, service) { return choice }
        let state: LibsecretStore.State
        do throws(SecretStoreError) {
            state = try await service.state()
        } catch .cancelled {
            throw .cancelled
        } catch {
            // It is there, and in trouble: that is to be seen, and not to be evaded.
            return SecretStoreChoice(service, "it is there, although it does not answer as it should")
        }
        switch state {
        case .ready: return SecretStoreChoice(service, "it is there and open")
        case .locked: return SecretStoreChoice(service, "it is there, and locked")
        case .absent(let finding):
            return memory("\(finding); \(variable)=file would keep secrets in a file that only you can read")
        }
    }

    /// The places where a secret may have been kept, the first to be asked first.
    ///
    /// The one the variable names; without it the secret service, and the file if there is one, which is there only
    /// because somebody once asked for it. Throws ``CredentialError/failed(_:)`` as ``forKeeping(in:environment:service:)``.
    public static func forFinding(
        environment: ProcessEnvironment = .current, service: LibsecretStore = LibsecretStore()
    ) throws(CredentialError) -> [SecretStoreChoice] {
        if let choice = try named(nil, environment, service) { return [choice] }
        var choices = [SecretStoreChoice(service, "it is asked first")]
        if let file = FileSecretStore(environment: environment), file.exists {
            choices.append(SecretStoreChoice(file, "it was asked for by name once, and is there"))
        }
        return choices
    }

    private init(_ service: LibsecretStore, _ reason: String) {
        (kind, store, place, self.reason) = (.secretService, service, service.description, reason)
    }

    private init(_ file: FileSecretStore, _ reason: String) {
        (kind, store, place, self.reason) = (.file, file, file.description, reason)
    }

    private init(_ memory: ProgramMemory, _ reason: String) {
        (kind, store, place, self.reason) = (.memory, memory, "this program's memory", reason)
    }

    private static func memory(_ reason: String) -> SecretStoreChoice { SecretStoreChoice(ProgramMemory(), reason) }

    private static func named(
        _ kind: Kind?, _ environment: ProcessEnvironment, _ service: LibsecretStore
    ) throws(CredentialError) -> SecretStoreChoice? {
        let name = environment[variable]?.trimmed.lowercased()
        let reason = kind == nil ? "\(variable) names it" : "it was asked for by name"
        guard let kind = kind ?? name.flatMap(Kind.init(rawValue:)) else {
            guard let name, !name.isEmpty else { return nil }
            throw misconfigured(
                "\(variable) holds \(quoted(name)), which names no store",
                "Set it to one of: \(Kind.allCases.map(\.rawValue).joined(separator: ", ")).")
        }
        switch kind {
        case .secretService: return SecretStoreChoice(service, reason)
        case .memory: return memory(reason)
        case .file:
            guard let file = FileSecretStore(environment: environment) else {
                throw misconfigured(
                    "secrets are to be kept in a file, and neither XDG_STATE_HOME nor HOME names an absolute path",
                    "Set HOME.")
            }
            return SecretStoreChoice(file, reason)
        }
    }

    private static func misconfigured(_ problem: String, _ remedy: String) -> CredentialError {
        .failed(Diagnosis(problem, remedy: remedy, kind: .misconfigured))
    }
}

extension SecretStoreChoice: CustomStringConvertible, CustomReflectable {
    /// The place and the reason.
    public var description: String { "\(place): \(reason)" }

    /// The same as ``description``.
    public var customMirror: Mirror { Mirror(self, children: ["choice": description]) }
}

/// Secrets that end with the program.
private final class ProgramMemory: SecretListing {
    private let secrets = Guarded<[SecretKey: String]>([:])

    func secret(for key: SecretKey) async throws(SecretStoreError) -> String? { secrets.withLock { $0[key] } }

    func profiles(ofKind kind: String) async throws(SecretStoreError) -> [String] {
        secrets.withLock { $0.keys.filter { $0.kind == kind }.map(\.profile).sorted() }
    }

    func set(_ secret: String?, for key: SecretKey) async throws(SecretStoreError) {
        secrets.withLock { $0[key] = secret }
    }
}
