import CredentialTesting
import FoundationEssentials
import Testing
import TokenCredentials

@testable import EntraTokenEndpoint

@Suite struct `The claims of a request` {
    static let challenge = #"{"access_token":{"nbf":{"essential":true,"value":"1604106651?>~"}}}"#

    private func sent(_ request: TokenRequest) async throws -> String? {
        let http = ScriptedTransport(.success(.text(goodReply)))
        _ = try await endpoint(http).token(.clientSecret("s"), for: request)
        return http.requests.first?.sentField("claims")
    }

    @Test func `are not sent unless somebody demanded them`() async throws {
        #expect(try await sent(TokenRequest("https://graph/.default")) == nil)
    }

    @Test func `are sent as they were demanded`() async throws {
        #expect(try await sent(TokenRequest(postgresScope, claims: Self.challenge)) == Self.challenge)
    }

    @Test func `name the capability only if asked to, and never for PostgreSQL`() async throws {
        var request = TokenRequest("https://graph/.default")
        request.handlesClaimsChallenges = true
        #expect(try await sent(request) == #"{"access_token":{"xms_cc":{"values":["cp1"]}}}"#)
        for cloud in AzureCloud.known {
            var request = TokenRequest(cloud.postgresScope)
            request.handlesClaimsChallenges = true
            #expect(try await sent(request) == nil)
        }
    }

    @Test(arguments: [
        (#"{"access_token":{"nbf":1}}"#, #"{"access_token":{"nbf":1,"xms_cc":{"values":["cp1"]}}}"#),
        (
            #"{"access_token":{"xms_cc":{"values":["x"]}},"id_token":{}}"#,
            #"{"access_token":{"xms_cc":{"values":["x","cp1"]}},"id_token":{}}"#
        ),
        (#"{"access_token":{"xms_cc":{"values":["cp1"]}}}"#, #"{"access_token":{"xms_cc":{"values":["cp1"]}}}"#),
        (#"{"access_token":null}"#, #"{"access_token":{"xms_cc":{"values":["cp1"]}}}"#),
    ])
    func `are merged with the capability`(_ demanded: String, merged: String) async throws {
        var request = TokenRequest("https://graph/.default", claims: demanded)
        request.handlesClaimsChallenges = true
        #expect(try await sent(request) == merged)
    }

    @Test(arguments: ["", "nonsense", "[]", "7", #"{"a":"# + #"""# + String(repeating: "x", count: 70_000) + #""}"#])
    func `are refused if they are no object or too long`(_ claims: String) async {
        let error = await failure { () async throws(CredentialError) in
            try await endpoint(ScriptedTransport()).token(
                .clientSecret("s"), for: TokenRequest(postgresScope, claims: claims))
        }
        #expect(error?.diagnosis?.kind == .misconfigured)
    }
}
