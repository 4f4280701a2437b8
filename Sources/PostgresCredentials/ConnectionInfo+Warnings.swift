public import TokenCredentials

extension ConnectionInfo {
    /// What may keep a token from working as the password of this connection, each a sentence without a secret.
    public func warnings(for token: AccessToken? = nil) -> [String] {
        var warnings: [String] = []
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
        if let user { warnings += RoleName.warnings(for: user) }
        if let length = token?.secret.utf8.count, length > 2_047,
            (try? servers().contains { $0.port == "6432" }) == true
        {
            warnings.append("the token has \(length) bytes; PgBouncer up to 1.25 takes passwords of 2047 at most")
        }
        return warnings
    }

    /// Whether a list such as `password,scram-sha-256` or `!md5` lets a clear-text password through.
    private static func allowsPassword(_ methods: String) -> Bool {
        let list = methods.split(separator: ",").map { $0.drop { $0 == " " } }
        if list.allSatisfy({ $0.hasPrefix("!") }) { return !list.contains("!password") }
        return list.contains("password")
    }
}
