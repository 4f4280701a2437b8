public import TokenCredentials

extension ConnectionInfo {
    /// What may keep a token from working as the password of this connection, each a sentence without a secret.
    ///
    /// Looks whether the file of trusted authorities is there, in the connection's own words if it has been resolved.
    public func warnings(
        for token: AccessToken? = nil, in environment: ProcessEnvironment = .current,
        files: any FileAccess = LocalFiles()
    ) -> [String] {
        warnings(for: token, in: environment, files: files, account: .current)
    }

    func warnings(
        for token: AccessToken?, in environment: ProcessEnvironment, files: any FileAccess, account: SystemAccount
    ) -> [String] {
        var warnings: [String] = []
        if let concern = databaseConcern { warnings.append(concern) }
        if let concern = authoritiesConcern(in: environment, files: files, account: account) {
            warnings.append(concern)
        }
        if let mode = sslmode.flatMap(SSLMode.init(rawValue:)), mode < .verifyFull, origin(of: "sslmode") != .builtIn,
            (try? servers().allSatisfy(\.isLocal)) != true
        {
            warnings.append("sslmode=\(mode.rawValue) does not make sure that the server is the one named")
        }
        if self["channel_binding"] == "require" {
            warnings.append("channel_binding=require refuses to send a token; leave it out")
        }
        if let methods = self["require_auth"], !methods.isEmpty, !Self.allowsPassword(methods) {
            warnings.append("require_auth does not name password, so libpq refuses to send a token")
        }
        if let user {
            warnings += RoleName.warnings(for: user)
            // The names of roles are told apart by case, and those of the directory are not.
            if isUserSaid, let name = token.flatMap({ try? RoleName(for: $0) })?.name,
                name.lowercased() == user.lowercased(), !name.utf8.elementsEqual(user.utf8)
            {
                warnings.append("the token is for \(name), and the user name differs from that in case")
            }
        }
        if let length = token?.secret.utf8.count, length > PgBouncerVersion.builtIntoAzure.longestPassword,
            (try? servers().contains { $0.port == "6432" }) == true
        {
            warnings.append("the token has \(length) bytes; PgBouncer up to 1.25 takes passwords of 2047 at most")
        }
        return warnings
    }

    /// What keeps a certificate from being verified, where the mode demands that.
    private func authoritiesConcern(
        in environment: ProcessEnvironment, files: any FileAccess, account: SystemAccount
    ) -> String? {
        let mode = sslmode.map(SSLMode.init(rawValue:)) ?? .verifyFull
        guard mode?.verifies == true, (try? servers().allSatisfy(\.isSocket)) == false else { return nil }
        if let root = self["sslrootcert"], !root.isEmpty {
            guard root != "system", !TrustBundle.exists(root, files) else { return nil }
            return "the file of trusted authorities \(root) (sslrootcert) is not there"
        }
        guard TrustBundle.find(in: environment, files: files, account: account) == .missing else { return nil }
        return "no trusted authorities were found, and libpq cannot verify the server: install ca-certificates, or let"
            + " sslrootcert name a file"
    }

    /// Whether a list such as `password,scram-sha-256` or `!md5` lets a clear-text password through.
    private static func allowsPassword(_ methods: String) -> Bool {
        let list = methods.split(separator: ",").map { $0.drop { $0 == " " } }
        if list.allSatisfy({ $0.hasPrefix("!") }) { return !list.contains("!password") }
        return list.contains("password")
    }
}
