public import TokenCredentials

extension TokenRequest {
    /// Asks for a token that Azure Database for PostgreSQL accepts as a password, in the public cloud.
    public static let postgres = TokenRequest.postgres(in: .public)

    /// Asks for a token that Azure Database for PostgreSQL accepts as a password, in some cloud.
    public static func postgres(
        in cloud: AzureCloud, tenant: String? = nil, minimumValidity: Duration? = nil
    ) -> TokenRequest {
        TokenRequest(cloud.postgresScope, tenant: tenant, minimumValidity: minimumValidity)
    }
}

extension ConnectionInfo {
    /// The cloud the servers belong to, told by the end of the first host name that ends like one of Azure's.
    public var cloud: AzureCloud? {
        guard let servers = try? servers() else { return nil }
        return servers.lazy.compactMap { server in server.name.flatMap(AzureCloud.init(serverHost:)) }.first
    }
}
