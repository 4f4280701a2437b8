import TokenCredentials

/// The trusted certificate authorities that a connection is pointed to where nobody named any.
enum TrustBundle: Hashable {
    /// A file to name.
    case file(String)
    /// The user keeps authorities for libpq in `~/.postgresql/root.crt`, which it finds by itself.
    case own
    /// There is none: libpq before 16 then looks for `~/.postgresql/root.crt` in vain.
    case missing

    /// Where distributions keep the bundle: Debian and its kin, Fedora and its kin, SUSE.
    private static let places = [
        "/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/ca-bundle.pem",
    ]

    /// Finds the user's own, else the file that `SSL_CERT_FILE` names, else the system's.
    static func find(in environment: ProcessEnvironment, files: any FileAccess, account: SystemAccount) -> TrustBundle {
        if let home = account.home(in: environment), exists(home + "/.postgresql/root.crt", files) { return .own }
        if let chosen = environment["SSL_CERT_FILE"], exists(chosen, files) { return .file(chosen) }
        return places.first { exists($0, files) }.map(TrustBundle.file) ?? .missing
    }

    /// What to say as `sslrootcert` to a version of libpq that is told of none; `nil` for nothing.
    func said(to version: LibpqVersion) -> String? {
        switch self {
        case .file(let path): path
        case .own: nil
        case .missing: version >= 16 ? "system" : nil
        }
    }

    /// Whether there is such a file, told without reading it: anything in it is over a limit of nothing.
    static func exists(_ path: String, _ files: any FileAccess) -> Bool {
        do {
            return try files.contents(ofFile: path, limit: 0) != nil
        } catch {
            if case .tooLarge = error.reason { return true }
            return false
        }
    }
}
