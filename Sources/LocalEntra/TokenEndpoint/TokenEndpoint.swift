import FoundationEssentials
import TokenCredentials

/// `POST {authority}/{tenant}/oauth2/v2.0/token`: one method for each grant, each in a file of its own.
struct TokenEndpoint: Sendable {
    let tenant: LocalTenant
    let issuer: TokenIssuer
    let ledger: GrantLedger
    let keys: RegisteredKeys
    let resources: [String]
    let clock: any WallClock

    /// A token request whose tenant, form and application are in order.
    struct Request {
        let exchange: HTTPExchange
        let form: [RequestField]
        let application: LocalApplication
        /// The address of the endpoint by which it was reached.
        let address: String

        func required(_ name: String) throws(EntraRefusal) -> String {
            guard let value = form.first(name), !value.isEmpty else { throw .missing(name) }
            return value
        }
    }

    /// The reply to a request that came to this tenant name.
    func answer(_ exchange: HTTPExchange, tenantName: String) -> HTTPReply {
        do {
            return HTTPReply(json: .object(try members(exchange, tenantName: tenantName)))
        } catch let refusal as EntraRefusal {
            return refusal.reply(to: exchange, at: clock.now)
        } catch {
            let refusal = EntraRefusal("server_error", 90006, "the local cloud could not sign a token", status: 500)
            return refusal.reply(to: exchange, at: clock.now)
        }
    }

    private func members(_ exchange: HTTPExchange, tenantName: String) throws -> [String: JSONValue] {
        guard exchange.method == "POST" else {
            throw EntraRefusal("invalid_request", 900561, "the endpoint takes POST requests only", status: 405)
        }
        guard let form = exchange.form else {
            throw EntraRefusal("invalid_request", 9_002_313, "the body is not a form")
        }
        if let twice = Dictionary(grouping: form, by: \.name).first(where: { $1.count > 1 })?.key {
            throw EntraRefusal("invalid_request", 9_002_313, "the parameter '\(twice.prefix(60))' is there twice")
        }
        guard let grant = form.first("grant_type"), !grant.isEmpty else { throw EntraRefusal.missing("grant_type") }
        try check(tenantName: tenantName, grant: grant)
        guard let clientID = form.first("client_id"), !clientID.isEmpty else { throw EntraRefusal.missing("client_id") }
        guard let application = tenant.application(clientID) else {
            throw Self.unknownApplication(clientID, tenantName)
        }
        let request = Request(
            exchange: exchange, form: form, application: application,
            address: "https://localhost:\(exchange.localPort)/\(tenantName)/oauth2/v2.0/token")
        switch grant {
        case "client_credentials": return try clientCredentials(request)
        case "password": return try password(request)
        case "refresh_token": return try refreshToken(request)
        case "authorization_code": return try authorizationCode(request)
        case "device_code", "urn:ietf:params:oauth:grant-type:device_code": return try deviceCode(request)
        case "urn:ietf:params:oauth:grant-type:jwt-bearer": return try onBehalfOf(request)
        default: throw EntraRefusal("unsupported_grant_type", 70003, "the grant type is not supported")
        }
    }

    /// Throws unless the tenant name is this tenant's, or one that stands for any in a user's sign-in.
    func check(tenantName: String, grant: String) throws(EntraRefusal) {
        if tenant.answers(to: tenantName) { return }
        switch tenantName.lowercased() {
        case "organizations" where grant != "client_credentials", "common" where grant != "client_credentials": return
        case "organizations", "common":
            throw EntraRefusal("invalid_request", 50059, "an application's own request must name its tenant")
        case "consumers":
            throw EntraRefusal("invalid_request", 9_001_023, "the grant is not offered to personal accounts")
        default:
            throw EntraRefusal("invalid_request", 90002, "the tenant '\(tenantName.prefix(100))' was not found")
        }
    }

    static func unknownApplication(_ clientID: String, _ tenantName: String) -> EntraRefusal {
        EntraRefusal(
            "unauthorized_client", 700016,
            "the application '\(clientID.prefix(100))' was not found in the directory '\(tenantName.prefix(100))'")
    }

    /// The reply with a user's access token, and the further tokens that the scope asks for.
    func userTokens(
        _ user: LocalUser, _ request: Request, _ scope: RequestedScope, nonce: String? = nil
    ) throws -> [String: JSONValue] {
        let clientID = request.application.clientID
        let token = try issuer.accessToken(
            for: .user(user, clientID: clientID), audience: scope.resource, scope: "user_impersonation")
        var members = Self.members(of: token)
        members["scope"] = .string(scope.text)
        if scope.wantsRefreshToken {
            members["refresh_token"] = .string(
                ledger.recordRefresh(user: user.principalName, clientID: clientID, scope: scope.text))
        }
        if scope.wantsIdentityToken {
            let authority = "https://localhost:\(request.exchange.localPort)"
            members["id_token"] = .string(
                try issuer.identityToken(for: user, clientID: clientID, nonce: nonce, authority: authority))
        }
        if request.form.first("client_info") == "1" {
            let info = JSONValue.object(["uid": .string(user.objectID), "utid": .string(tenant.id)])
            members["client_info"] = .string(info.bytes.base64URL)
        }
        return members
    }

    /// The members that every successful reply has.
    static func members(of token: TokenIssuer.IssuedToken) -> [String: JSONValue] {
        [
            "token_type": .string("Bearer"), "expires_in": .whole(token.lifetime),
            "ext_expires_in": .whole(token.lifetime), "access_token": .string(token.text),
        ]
    }
}
