import Testing
import TokenCredentials

@Suite struct `An authority` {
    @Test(arguments: [
        ("login.microsoftonline.com", "https://login.microsoftonline.com"),
        ("https://login.microsoftonline.com/", "https://login.microsoftonline.com"),
        (" HTTPS://Login.MicrosoftOnline.us// ", "https://login.microsoftonline.us"),
        ("https://localhost:8443", "https://localhost:8443"), ("10.0.0.1:1", "https://10.0.0.1:1"),
    ])
    func `is read from a host or an https address`(text: String, url: String) throws {
        #expect(try Authority(text).url == url)
    }

    @Test(arguments: [
        "", "http://login.microsoftonline.com", "ftp://x", "https://user:pw@host", "https://host/tenant", "host?x",
        "host#x", "host:0", "host:70000", "host:1:2", "ho st", "h\nost", "-host", ".host", "https://", "a\\b", "höst",
    ])
    func `is refused, without being quoted, if it is anything else`(text: String) {
        let error = #expect(throws: CredentialError.self) { try Authority(text) }
        #expect(error?.kind == "failed")
        #expect(error.map { "\($0)" }?.contains("pw") == false)
    }
}

@Suite struct `A cloud` {
    @Test(arguments: [
        ("srv.postgres.database.azure.com", "public"), ("SRV.Postgres.Database.Azure.Com.", "public"),
        ("srv.postgres.database.usgovcloudapi.net", "usgov"), ("srv.postgres.database.chinacloudapi.cn", "china"),
        ("orders.0123456789ab.westus3.horizondb.azure.com", "public"),
        ("Orders-RO.0123456789ab.westus3.HorizonDB.azure.com.", "public"),
    ])
    func `is told by the server's host name`(host: String, name: String) {
        #expect(AzureCloud(serverHost: host)?.name == name)
    }

    @Test(arguments: [
        "localhost", "", ".", "evilpostgres.database.azure.com", "postgres.database.azure.com", "x.azure.com",
        "srv.postgres.database.azure.com.evil.example", "horizondb.azure.com", "evilhorizondb.azure.com",
        "orders.horizondb.azure.com.evil.example",
    ])
    func `is not guessed from any other`(host: String) {
        #expect(AzureCloud(serverHost: host) == nil)
    }

    @Test(arguments: [
        ("login.microsoftonline.com", "public"), ("login.windows.net", "public"), ("login.microsoftonline.us", "usgov"),
        ("login.chinacloudapi.cn", "china"), ("login.partner.microsoftonline.cn", "china"),
    ])
    func `is told by its authority, aliases too, and keeps the one named`(host: String, name: String) throws {
        let cloud = try #require(AzureCloud(authority: Authority(host)))
        #expect(cloud.name == name)
        #expect(cloud.authority.host == host)
    }

    @Test func `is not told by a private authority`() throws {
        #expect(try AzureCloud(authority: Authority("localhost:8443")) == nil)
    }
}
