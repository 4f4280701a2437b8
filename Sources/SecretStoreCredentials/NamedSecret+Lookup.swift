public import TokenCredentials

extension NamedSecret {
    /// A way for credentials to find secrets by name, wherever ``SecretStoreChoice/forFinding(environment:service:)`` says.
    ///
    /// Looks at nothing until it is asked, and prompts nobody. What it throws is ``CredentialError/failed(_:)``: a name
    /// that somebody gave and that leads to nothing is a mistake, and one behind a lock needs a person.
    public static func lookup(
        environment: ProcessEnvironment = .current, service: LibsecretStore = LibsecretStore()
    ) -> SecretLookup {
        @Sendable func find(_ name: String) async throws(CredentialError) -> String {
            let places = try SecretStoreChoice.forFinding(environment: environment, service: service)
            return try await NamedSecret(name).text(in: places.map(\.store))
        }
        return find
    }

    /// A way for credentials to find secrets by name in one store; throws as ``lookup(environment:service:)`` does.
    public static func lookup(in store: any SecretStore) -> SecretLookup {
        @Sendable func find(_ name: String) async throws(CredentialError) -> String {
            try await NamedSecret(name).text(in: [store])
        }
        return find
    }

    /// A way for a credential to find this secret in one store; throws as ``lookup(environment:service:)`` does.
    public func finding(in store: any SecretStore) -> @Sendable () async throws(CredentialError) -> String {
        @Sendable func find() async throws(CredentialError) -> String { try await text(in: [store]) }
        return find
    }

    private func text(in stores: [any SecretStore]) async throws(CredentialError) -> String {
        var unseen: SecretStoreError?
        for store in stores {
            do throws(SecretStoreError) {
                if let text = try await find(in: store) { return text }
            } catch {
                switch error {
                case .absent: unseen = unseen ?? error
                case .hidden: unseen = error
                default: throw trouble(error, "the secret \(name) cannot be read")
                }
            }
        }
        if let unseen { throw trouble(unseen, "the secret \(name) is not to be found") }
        throw Self.misconfigured("no secret is kept under the name \(name)", storing)
    }

    /// The store's own words as an error of a credential.
    func trouble(_ error: SecretStoreError, _ problem: String) -> CredentialError {
        switch error {
        case .cancelled: .cancelled
        case .absent(let finding):
            Self.misconfigured(
                "\(problem): there is no secret store here: \(finding)", "\(storing.dropLast()) --keep-in file.")
        case .locked(let finding), .hidden(let finding):
            .failed(
                Diagnosis(
                    "\(problem): the secret store is locked: \(finding)",
                    remedy: "Unlock the keyring where somebody can.", kind: .signInNeeded, cause: error))
        case .failed(let words):
            .failed(
                Diagnosis(
                    "\(problem): \(words)", remedy: "Look after the secret store.", kind: .temporary,
                    retryAfter: .seconds(10), cause: error))
        @unknown default:
            .failed(Diagnosis(problem, remedy: "Look after the secret store.", kind: .temporary, cause: error))
        }
    }

    static func misconfigured(_ problem: String, _ remedy: String) -> CredentialError {
        .failed(Diagnosis(problem, remedy: remedy, kind: .misconfigured))
    }

    private var storing: String { "Store it: passgres secret store \(name)." }
}
