package import TokenCredentials

/// The name or number of a directory, on its way into an address.
package enum TenantName {
    /// Throws ``CredentialError/failed(_:)`` unless the text is letters, digits, dots and hyphens.
    package static func check(_ text: String, called name: String) throws(CredentialError) {
        let isWellFormed =
            !text.isEmpty && text.utf8.count <= 253
            && text.utf8.allSatisfy { byte in
                ClientID.isLetterOrDigit(byte) || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-")
            }
            // Letters, digits, dots and hyphens also spell "..", which is no tenant but a way out of the path.
            && text.utf8.contains(where: ClientID.isLetterOrDigit) && !text.contains("..")
        guard !isWellFormed else { return }
        throw .failed(
            Diagnosis(
                text.isEmpty ? "\(name) is empty" : "\(name) is not a tenant: \(quoted(text))",
                remedy: "Give the directory's GUID or one of its domains, such as contoso.onmicrosoft.com.",
                kind: .misconfigured))
    }

    /// Throws ``CredentialError/failed(_:)`` for the names that stand for whatever tenant a person belongs to.
    package static func checkServesApplications(_ text: String, called name: String) throws(CredentialError) {
        guard ["common", "organizations", "consumers"].contains(text.lowercased()) else { return }
        throw .failed(
            Diagnosis(
                "\(name) is \(quoted(text)), and an application cannot sign in to that",
                remedy: "Give the GUID or a domain of the directory the application is in.", kind: .misconfigured))
    }
}

/// The number of an application, on its way into a form and an assertion.
package enum ClientID {
    /// The Azure CLI's, which every tenant knows unless it was blocked: for people without an application of their own.
    package static let azureCLI = "04b07795-8ddb-461a-bbee-02f9e1bf7b46"

    /// Throws ``CredentialError/failed(_:)`` unless the text can be a client id.
    package static func check(_ text: String, called name: String) throws(CredentialError) {
        guard
            text.isEmpty || text.utf8.count > 128
                || !text.utf8.allSatisfy({ isLetterOrDigit($0) || [0x2D, 0x2E, 0x5F].contains($0) })
        else { return }
        throw .failed(
            Diagnosis(
                text.isEmpty ? "\(name) is empty" : "\(name) is not a client id: \(quoted(text))",
                remedy: "Give the application (client) id, a GUID.", kind: .misconfigured))
    }

    static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: false
        }
    }
}

/// Which tenants a request may name besides the credential's own.
package struct TenantRules: Sendable {
    /// Further tenants; `*` stands for all.
    package var additionallyAllowed: [String]
    /// Whether the credential stays with its own tenant whatever a request names.
    package var staysWithOwn: Bool
    /// Where further tenants are allowed, for a remedy.
    private let place: String

    package init(additionallyAllowed: [String] = [], staysWithOwn: Bool = false) {
        self.additionallyAllowed = additionallyAllowed
        self.staysWithOwn = staysWithOwn
        place = "the credential's additionallyAllowedTenants"
    }

    /// Takes the rules from `AZURE_ADDITIONALLY_ALLOWED_TENANTS` and `AZURE_IDENTITY_DISABLE_MULTITENANTAUTH`.
    package init(_ environment: ProcessEnvironment) {
        additionallyAllowed = (environment["AZURE_ADDITIONALLY_ALLOWED_TENANTS"] ?? "")
            .split(separator: ";").map(\.trimmed).filter { !$0.isEmpty }
        staysWithOwn = environment.forbidsOtherTenants
        place = "AZURE_ADDITIONALLY_ALLOWED_TENANTS"
    }

    /// The tenant to ask.
    ///
    /// Throws ``CredentialError/failed(_:)`` for one that is malformed or not allowed.
    package func tenant(
        for request: TokenRequest, own: String, called name: String = "the tenant"
    ) throws(CredentialError) -> String {
        try TenantName.check(own, called: name)
        guard let wanted = request.tenant, wanted.lowercased() != own.lowercased(), !staysWithOwn else { return own }
        try TenantName.check(wanted, called: "the tenant asked for")
        let isAllowed =
            additionallyAllowed.contains { $0 == "*" || $0.lowercased() == wanted.lowercased() }
            || own.lowercased() == "organizations" && additionallyAllowed.isEmpty
        guard isAllowed else {
            throw .failed(
                Diagnosis(
                    "a token of tenant \(wanted) is asked for, and this credential may use only \(own)",
                    remedy: "Add \(wanted), or *, to \(place).", kind: .misconfigured))
        }
        return wanted
    }
}
