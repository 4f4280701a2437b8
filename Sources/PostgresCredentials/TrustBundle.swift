import TokenCredentials

/// The file of trusted certificate authorities that a connection is pointed to where nobody named one.
enum TrustBundle {
    /// Where distributions keep the bundle: Debian and its kin, Fedora and its kin, SUSE.
    private static let places = [
        "/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/ca-bundle.pem",
    ]

    /// The file that `SSL_CERT_FILE` names, or the system's; `nil` if there is none, or if the user keeps authorities
    /// for libpq in `~/.postgresql/root.crt`, which it then finds by itself.
    static func path(in environment: ProcessEnvironment, files: any FileAccess, account: SystemAccount) -> String? {
        if let home = account.home(in: environment), exists(home + "/.postgresql/root.crt", files) { return nil }
        if let chosen = environment["SSL_CERT_FILE"], exists(chosen, files) { return chosen }
        return places.first { exists($0, files) }
    }

    /// Whether there is such a file, told without reading it: anything in it is over a limit of nothing.
    private static func exists(_ path: String, _ files: any FileAccess) -> Bool {
        do {
            return try files.contents(ofFile: path, limit: 0) != nil
        } catch {
            if case .tooLarge = error.reason { return true }
            return false
        }
    }
}
