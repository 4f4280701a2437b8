package import EntraTokenEndpoint
import FoundationEssentials
package import TokenCredentials

extension SignIn {
    /// Takes what a person's sign-in was answered with; `nil` if no refresh token came.
    package init?(_ reply: TokenReply, from endpoint: TokenEndpoint, for request: TokenRequest) {
        guard let refreshToken = reply.refreshToken, Self.isPrintable(refreshToken) else { return nil }
        // Both are read without checking a signature: they came from the token endpoint itself, over TLS, and serve to
        // name the account, not to admit it.
        let person = reply.idToken.flatMap(TokenClaims.init(token:))
        let account = reply.clientInfo.flatMap { Data(base64URL: $0) }.flatMap { JSONDocument.object(in: Array($0)) }
        let number = account?["uid"]?.text
        let directory = account?["utid"]?.text
        let tenant = [directory, person?["tid"]].compactMap { $0 }.first {
            (try? TenantName.check($0, called: "")) != nil
        }
        self.init(
            refreshToken: refreshToken, account: Self.shown(person?["preferred_username"] ?? person?["upn"]),
            accountID: Self.shown(number.flatMap { number in directory.map { "\(number).\($0)" } }),
            tenant: tenant ?? request.tenant ?? endpoint.tenant, clientID: endpoint.clientID, scopes: request.scopes,
            authority: endpoint.authority, renewedAt: endpoint.now)
    }

    /// Whether an endpoint would take this sign-in: it is the same service, asked by the same application.
    package func serves(_ endpoint: TokenEndpoint) -> Bool {
        clientID.lowercased() == endpoint.clientID.lowercased() && authority == endpoint.authority
    }
}
