import TokenCredentials

/// Everything a shared token is bound to.
///
/// Stands in the entry as well, where it is compared in full.
struct EntryKey: Hashable, Codable, Sendable {
    static let entrySuffix = ".token"
    static let lockSuffix = ".lock"
    static let freshSuffix = ".new"

    let credential: String
    let identity: String
    let configuredTenant: String?
    let authority: String?
    let tenant: String?
    let scopes: [String]
    let handlesClaimsChallenges: Bool

    init(_ credential: String, _ identity: SharedTokenIdentity, _ request: TokenRequest) {
        self.credential = credential
        self.identity = identity.name
        configuredTenant = identity.tenant
        authority = identity.authority
        tenant = request.tenant
        scopes = request.scopes
        handlesClaimsChallenges = request.handlesClaimsChallenges
    }

    /// The kind under which a secret store keeps tokens.
    static let kind = "token"

    /// Where a secret store keeps the token.
    var secretKey: SecretKey { SecretKey(kind: Self.kind, profile: digest) }
    /// The name of the file with the token.
    var entryName: String { digest + Self.entrySuffix }
    /// The name of the file whose lock the one who asks holds.
    var lockName: String { digest + Self.lockSuffix }

    /// 128 bits in 32 digits.
    ///
    /// It only spreads the entries over names: nothing is believed for its name.
    private var digest: String {
        let parts =
            [credential, identity, configuredTenant.map { "+" + $0 } ?? "-", authority.map { "+" + $0 } ?? "-"]
            + [tenant.map { "+" + $0 } ?? "-", handlesClaimsChallenges ? "1" : "0"] + scopes
        // Lengths between the parts, so that no two lists of parts read the same.
        let bytes = parts.flatMap { Array("\($0.utf8.count):".utf8) + Array($0.utf8) }
        return [0xcbf2_9ce4_8422_2325 as UInt64, 0x6c62_272e_07bb_0142].map { seed in
            // FNV-1a.
            let hash = bytes.reduce(seed) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01b3 }
            let digits = String(hash, radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }.joined()
    }
}
