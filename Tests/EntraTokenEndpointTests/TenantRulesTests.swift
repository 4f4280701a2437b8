import CredentialTesting
import Testing
import TokenCredentials

@testable import EntraTokenEndpoint

@Suite struct `The tenant` {
    @Test(arguments: ["contoso.example", "72F988BF-86f1-41af-91ab-2d7cd011db47", "a", "adfs"])
    func `may be a domain or a number`(_ tenant: String) throws {
        try TenantName.check(tenant, called: "AZURE_TENANT_ID")
    }

    @Test(arguments: [
        "", "../../x", "a/b", "..", "a..b", ".", "-", "a b", "a?b", "a#b", "a%2fb", "tenant\n", "tenänt", "a\0b",
        String(repeating: "a", count: 254),
    ])
    func `never leaves its place in the address`(_ tenant: String) async {
        let http = ScriptedTransport()
        let error = await failure { () async throws(CredentialError) in
            try await endpoint(http, tenant: tenant).token(.clientSecret("s"), for: TokenRequest(postgresScope))
        }
        #expect(error?.diagnosis?.kind == .misconfigured)
        let asked = await failure { () async throws(CredentialError) in
            try await endpoint(http, rules: TenantRules(additionallyAllowed: ["*"]))
                .token(.clientSecret("s"), for: TokenRequest(postgresScope, tenant: tenant))
        }
        #expect(asked?.diagnosis?.kind == .misconfigured)
        #expect(http.requests.isEmpty)
    }

    @Test(arguments: ["common", "organizations", "consumers", "Common"])
    func `of everybody serves people and no application`(_ tenant: String) async throws {
        let http = ScriptedTransport(.success(.text(goodReply)))
        let error = await failure { () async throws(CredentialError) in
            try await endpoint(http, tenant: tenant).token(.clientAssertion("a"), for: TokenRequest(postgresScope))
        }
        #expect(error?.diagnosis?.kind == .misconfigured)
        #expect(error?.diagnosis?.problem.contains("AZURE_TENANT_ID") == true)
        _ = try await endpoint(http, tenant: tenant).token(.deviceCode("d"), for: TokenRequest(postgresScope))
        #expect(http.requests.count == 1)
    }

    @Test(
        arguments: [
            ("own", nil, [], "own"), ("own", "OWN", [], "own"), ("own", "other", ["other"], "other"),
            ("own", "other", ["*"], "other"), ("own", "other", ["OTHER"], "other"), ("own", "other", [], nil),
            ("own", "other", ["third"], nil), ("organizations", "other", [], "other"),
            ("organizations", "other", ["third"], nil),
        ] as [(String, String?, [String], String?)])
    func `of a request has to be allowed`(_ own: String, wanted: String?, allowed: [String], result: String?) {
        let request = TokenRequest(postgresScope, tenant: wanted)
        let rules = TenantRules(additionallyAllowed: allowed)
        #expect((try? rules.tenant(for: request, own: own)) == result)
        #expect(
            (try? TenantRules(additionallyAllowed: allowed, staysWithOwn: true).tenant(for: request, own: own)) == own)
    }

    @Test func `is refused with a remedy that works where the rules were made`() {
        let request = TokenRequest(postgresScope, tenant: "other")
        func remedy(_ rules: TenantRules) -> String? {
            do throws(CredentialError) {
                _ = try rules.tenant(for: request, own: "own")
                return nil
            } catch {
                return error.diagnosis?.remedy
            }
        }
        #expect(remedy(TenantRules([:]))?.contains("AZURE_ADDITIONALLY_ALLOWED_TENANTS") == true)
        #expect(remedy(TenantRules())?.contains("AZURE_ADDITIONALLY_ALLOWED_TENANTS") == false)
        #expect(remedy(TenantRules())?.contains("additionallyAllowedTenants") == true)
    }

    @Test func `is ruled by two variables`() {
        let rules = TenantRules([
            "AZURE_ADDITIONALLY_ALLOWED_TENANTS": "one; two ;;", "AZURE_IDENTITY_DISABLE_MULTITENANTAUTH": "TRUE",
        ])
        #expect(rules.additionallyAllowed == ["one", "two"])
        #expect(rules.staysWithOwn)
        #expect(!TenantRules([:]).staysWithOwn)
        #expect(!TenantRules(["AZURE_IDENTITY_DISABLE_MULTITENANTAUTH": "false"]).staysWithOwn)
    }

    @Test(arguments: ["", "a b", "x\ny", "<client>", String(repeating: "1", count: 129)])
    func `is not asked for a malformed client id`(_ id: String) async {
        let http = ScriptedTransport()
        let error = await failure { () async throws(CredentialError) in
            try await endpoint(http, clientID: id).token(.clientSecret("s"), for: TokenRequest(postgresScope))
        }
        #expect(error?.diagnosis?.kind == .misconfigured)
        #expect(error?.diagnosis?.problem.contains("AZURE_CLIENT_ID") == true)
        #expect(http.requests.isEmpty)
    }
}
