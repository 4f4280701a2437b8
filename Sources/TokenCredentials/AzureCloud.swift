/// One of the clouds in which Microsoft Entra and Azure Database for PostgreSQL exist, and their addresses there.
///
/// A value that can be made for a private cloud too. Addresses are those of the Azure CLI's cloud table.
public struct AzureCloud: Hashable, Sendable {
    /// The name the command line uses, such as `"usgov"`.
    public let name: String
    /// Where tokens are asked for.
    public var authority: Authority
    /// The scope of a token that a PostgreSQL server of this cloud accepts as a password.
    public var postgresScope: String
    /// How the host names of PostgreSQL servers of this cloud end, in lower case, without a leading dot.
    public let serverSuffix: String
    /// How those of its other PostgreSQL services end, HorizonDB's among them, which take the same tokens.
    public let otherServerSuffixes: [String]
    /// The audience of a federated token presented to this cloud.
    public let federatedTokenAudience: String

    /// Describes a cloud that is not among those known.
    public init(
        name: String, authority: Authority, postgresScope: String, serverSuffix: String,
        federatedTokenAudience: String = "api://AzureADTokenExchange", otherServerSuffixes: [String] = []
    ) {
        self.name = name
        self.authority = authority
        self.postgresScope = postgresScope
        self.serverSuffix = serverSuffix
        self.federatedTokenAudience = federatedTokenAudience
        self.otherServerSuffixes = otherServerSuffixes
    }

    /// Azure as most of the world uses it.
    public static let `public` = AzureCloud(
        name: "public", authority: Authority(knownHost: "login.microsoftonline.com"),
        postgresScope: "https://ossrdbms-aad.database.windows.net/.default",
        serverSuffix: "postgres.database.azure.com", otherServerSuffixes: ["horizondb.azure.com"])
    /// Azure US Government.
    public static let usGovernment = AzureCloud(
        name: "usgov", authority: Authority(knownHost: "login.microsoftonline.us"),
        postgresScope: "https://ossrdbms-aad.database.usgovcloudapi.net/.default",
        serverSuffix: "postgres.database.usgovcloudapi.net",
        federatedTokenAudience: "api://AzureADTokenExchangeUSGov")
    /// Azure operated by 21Vianet in China.
    public static let china = AzureCloud(
        name: "china", authority: Authority(knownHost: "login.partner.microsoftonline.cn"),
        postgresScope: "https://ossrdbms-aad.database.chinacloudapi.cn/.default",
        serverSuffix: "postgres.database.chinacloudapi.cn",
        federatedTokenAudience: "api://AzureADTokenExchangeChina")

    /// The clouds known here, the public one first.
    public static let known: [AzureCloud] = [.public, .usGovernment, .china]

    /// The cloud of that name: `public`, `usgov` or `china`.
    public init?(named name: String) {
        guard let cloud = Self.known.first(where: { $0.name == name.lowercased() }) else { return nil }
        self = cloud
    }

    /// The cloud a PostgreSQL server belongs to, told by the end of its host name; `nil` for any other host.
    public init?(serverHost host: String) {
        let lowered = host.lowercased()
        let host = lowered.hasSuffix(".") ? String(lowered.dropLast()) : lowered
        let ends = { (suffix: String) in host.hasSuffix("." + suffix) }
        guard
            let cloud = Self.known.first(where: { ([$0.serverSuffix] + $0.otherServerSuffixes).contains(where: ends) })
        else { return nil }
        self = cloud
    }

    /// The cloud an identity service belongs to, told by its host name or a known alias; `nil` for a private one.
    public init?(authority: Authority) {
        let aliases = [
            "login.windows.net": "public", "login.microsoft.com": "public", "sts.windows.net": "public",
            "login.usgovcloudapi.net": "usgov", "login.chinacloudapi.cn": "china",
        ]
        if let cloud = Self.known.first(where: { $0.authority.host == authority.host }) {
            self = cloud
        } else if let name = aliases[authority.host], let cloud = AzureCloud(named: name) {
            self = cloud
        } else {
            return nil
        }
        self.authority = authority
    }
}
