import TokenCredentials

/// Which of the ways to sign in the variables describe.
struct EnvironmentChoice {
    enum Kind {
        case secret(ChosenSecret)
        case certificate(path: String, password: ChosenSecret?)
        case password(user: String, password: String)
    }

    let kind: Kind
    /// The variable that proves who it is.
    let proof: String
    /// What was chosen, and what was passed over, by name.
    let finding: String
    private let isDeprecated: Bool

    /// What opens the certificate's key.
    static let certificatePassword = "AZURE_CLIENT_CERTIFICATE_PASSWORD"
    private static let secret = "AZURE_CLIENT_SECRET"
    private static let secretName = "PASSGRES_CLIENT_SECRET_NAME"
    private static let secretFile = "PASSGRES_CLIENT_SECRET_FILE"
    private static let certificatePasswordName = "PASSGRES_CLIENT_CERTIFICATE_PASSWORD_NAME"
    private static let certificate = "AZURE_CLIENT_CERTIFICATE_PATH"
    private static let user = "AZURE_USERNAME"
    private static let password = "AZURE_PASSWORD"
    private static let tenant = "AZURE_TENANT_ID"
    private static let client = "AZURE_CLIENT_ID"
    /// All that can decide, in the order in which it does.
    private static let proofs = [secret, secretName, secretFile, certificate, user, password]

    /// Throws ``CredentialError/unavailable(_:)`` if nothing decides, and ``CredentialError/failed(_:)`` if only half of
    /// what is needed is there.
    init(_ environment: ProcessEnvironment) throws(CredentialError) {
        let proofs = Self.proofs.filter { environment[$0] != nil }
        let chosen = try ChosenSecret(
            Self.secret, orNamedBy: Self.secretName, orInFileOf: Self.secretFile, in: environment)
        if let secret = chosen {
            try Self.require([Self.tenant, Self.client, secret.variable], in: environment)
            kind = .secret(secret)
            proof = secret.variable
        } else if let path = environment[Self.certificate] {
            try Self.require([Self.tenant, Self.client, Self.certificate], in: environment)
            kind = .certificate(
                path: path,
                password: try ChosenSecret(
                    Self.certificatePassword, orNamedBy: Self.certificatePasswordName, in: environment))
            proof = Self.certificate
        } else if environment[Self.user] != nil || environment[Self.password] != nil {
            try Self.require([Self.client, Self.user, Self.password], in: environment)
            kind = .password(user: environment[Self.user] ?? "", password: environment[Self.password] ?? "")
            proof = Self.password
        } else {
            throw Self.nothing(environment)
        }
        isDeprecated = proof == Self.password
        let used = isDeprecated ? [Self.user, Self.password] : [proof]
        let unused = proofs.filter { !used.contains($0) }
        finding =
            used.joined(separator: " and ")
            + (isDeprecated ? " (deprecated: Entra withdraws signing in with a password)" : "")
            + (unused.isEmpty ? "" : " (set as well and not used: \(unused.joined(separator: ", ")))")
    }

    /// Where the proof is to be corrected.
    var proofWords: String { if case .secret(let secret) = kind { secret.words } else { proof } }

    /// An error with a note of what was chosen, where that is not plain.
    func noted(in error: CredentialError) -> CredentialError {
        guard case .failed(var diagnosis) = error, finding != proof else { return error }
        diagnosis.facts.append(.init("chosen", finding))
        return .failed(diagnosis)
    }

    private static func require(_ names: [String], in environment: ProcessEnvironment) throws(CredentialError) {
        let missing = names.filter { environment[$0] == nil }
        guard !missing.isEmpty else { return }
        let set = ([tenant, client] + proofs).filter { environment[$0] != nil }
        throw .failed(
            Diagnosis(
                "\(listed(set)) \(set.count == 1 ? "is" : "are") set, and \(listed(missing)) "
                    + "\(missing.count == 1 ? "is" : "are") not",
                remedy:
                    "Set \(listed(missing)) as well, or unset \(listed(set.filter { $0 != tenant && $0 != client })).",
                kind: .misconfigured))
    }

    private static func nothing(_ environment: ProcessEnvironment) -> CredentialError {
        let set = [tenant, client].filter { environment[$0] != nil }
        return .unavailable(
            Diagnosis(
                "neither \(secret) nor \(certificate) is set"
                    + (set.isEmpty ? "" : "; \(listed(set)) alone \(set.count == 1 ? "proves" : "prove") nothing"),
                remedy: "Set \(tenant), \(client), and \(secret) or \(certificate)."))
    }

    /// Names as a list in words.
    private static func listed(_ names: [String]) -> String {
        guard let last = names.last, names.count > 1 else { return names.first ?? "" }
        return names.dropLast().joined(separator: ", ") + " and " + last
    }
}
