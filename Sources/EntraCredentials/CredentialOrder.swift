public import TokenCredentials

/// Which credentials are asked, in which order, and who said so.
public struct CredentialOrder: Hashable, Sendable {
    /// The names, first asked first.
    public let names: [String]
    /// The variable or option that named them; `nil` for the default order.
    public let source: String?

    /// The order used when nobody asks for another: what needs no network first, what starts a program last.
    ///
    /// A sign-in that somebody made comes before a probe of the network. What needs a person present is not in it.
    public static let standard = [
        "environment", "workload-identity", "secret-store", "managed-identity", "azure-cli", "azure-developer-cli",
        "azure-powershell",
    ]

    /// Names an order outright.
    public init(_ names: [String], source: String? = nil) {
        self.names = names
        self.source = source
    }

    /// Reads the order from `PASSGRES_CREDENTIALS`; without it from `AZURE_TOKEN_CREDENTIALS`, as other Azure libraries
    /// understand it (`dev`, `prod`, or one credential's name); without that too, it is the standard order.
    ///
    /// Throws ``CredentialError/failed(_:)`` if `AZURE_TOKEN_CREDENTIALS` holds anything else.
    public init(environment: ProcessEnvironment) throws(CredentialError) {
        if let list = environment["PASSGRES_CREDENTIALS"] {
            self.init(
                list.split(separator: ",", omittingEmptySubsequences: false).map { $0.trimmed.lowercased() },
                source: "PASSGRES_CREDENTIALS")
            return
        }
        guard let value = environment["AZURE_TOKEN_CREDENTIALS"].map({ $0.trimmed }), !value.isEmpty else {
            self.init(Self.standard)
            return
        }
        guard let names = Self.azureNames[value.lowercased()] else {
            throw .failed(
                Diagnosis(
                    "AZURE_TOKEN_CREDENTIALS holds \(quoted(value)), which names no credential",
                    remedy: "Set it to dev, prod or one of: \(Self.azureClassNames.joined(separator: ", ")); "
                        + "or set PASSGRES_CREDENTIALS to a list.",
                    kind: .misconfigured))
        }
        self.init(names, source: "AZURE_TOKEN_CREDENTIALS")
    }

    private static let azureClassNames = [
        "EnvironmentCredential", "WorkloadIdentityCredential", "ManagedIdentityCredential", "AzureCliCredential",
        "AzureDeveloperCliCredential", "AzurePowerShellCredential", "InteractiveBrowserCredential",
    ]

    private static let azureNames: [String: [String]] = [
        "prod": ["environment", "workload-identity", "managed-identity"],
        "dev": ["secret-store", "azure-cli", "azure-developer-cli", "azure-powershell"],
        "environmentcredential": ["environment"],
        "workloadidentitycredential": ["workload-identity"],
        "managedidentitycredential": ["managed-identity"],
        "azureclicredential": ["azure-cli"],
        "azuredeveloperclicredential": ["azure-developer-cli"],
        "azurepowershellcredential": ["azure-powershell"],
        "interactivebrowsercredential": ["interactive-browser"],
    ]

    /// The same order without the names that a registry does not hold, where nobody spelled the order out.
    func restricted(to registry: CredentialRegistry) -> [String] {
        guard source != "PASSGRES_CREDENTIALS" else { return names }
        let known = names.filter(registry.names.contains)
        return known.isEmpty ? names : known
    }
}
