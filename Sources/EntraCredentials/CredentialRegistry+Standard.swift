public import TokenCredentials

extension CredentialRegistry {
    /// Every credential of this package that needs no person present, by the name the command line uses.
    public static var standard: CredentialRegistry { CredentialRegistry() }
}
