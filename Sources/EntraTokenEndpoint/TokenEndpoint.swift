package import CredentialHTTP
import FoundationEssentials
package import TokenCredentials

/// Entra's token endpoint: grants in, a token or a diagnosed error out.
///
/// Posts straight to the address that every tenant has, without asking for it first: one round trip less, and it works
/// behind a private endpoint. Keeps nothing, least of all a refusal.
package struct TokenEndpoint: Sendable {
    /// The way to the endpoint where it is not the authority itself.
    package struct Route: Sendable {
        /// What stands in place of the authority's address, without a final slash.
        package var url: String
        /// Whose certificates are believed there.
        package var trust: HTTPRequest.Trust
        /// The name to ask for and to verify.
        package var serverName: String?
        /// Where the address was set.
        package var setting: String
        /// Where the authorities are set whose certificates are believed.
        package var trustSetting: String

        package init(
            url: String, trust: HTTPRequest.Trust = .system, serverName: String? = nil, setting: String = "its address",
            trustSetting: String = "its authorities"
        ) {
            self.url = url
            self.trust = trust
            self.serverName = serverName
            self.setting = setting
            self.trustSetting = trustSetting
        }

        /// The host.
        var host: String {
            let place = String(url.dropFirst("https://".count).prefix { $0 != "/" })
            return (try? Authority(place))?.host ?? place
        }
    }

    /// The identity service.
    package let authority: Authority
    /// The credential's own tenant.
    package let tenant: String
    /// The application that asks.
    package let clientID: String
    /// Which other tenants a request may name.
    package var tenantRules: TenantRules
    /// What the settings are called where the user made them.
    package var settings: SettingNames
    /// The way to the endpoint, if it is not the authority.
    package var route: Route?
    let http: any HTTPTransport
    /// For what may be answered only once.
    private let httpOnce: any HTTPTransport
    let clock: any WallClock

    package init(
        authority: Authority, tenant: String, clientID: String, tenantRules: TenantRules = TenantRules(),
        settings: SettingNames = SettingNames(), route: Route? = nil, retrying: RetryPolicy? = nil,
        http: any HTTPTransport, clock: any WallClock
    ) {
        self.authority = authority
        self.tenant = tenant
        self.clientID = clientID
        self.tenantRules = tenantRules
        self.settings = settings
        self.route = route
        self.http = RetryingTransport(http, policy: retrying ?? .tokenEndpoint, clock: clock)
        httpOnce = RetryingTransport(http, policy: retrying ?? .singleUse, clock: clock)
        self.clock = clock
    }

    /// The endpoint's address for a request's tenant: also the audience of an assertion sent to it.
    ///
    /// Throws ``CredentialError/failed(_:)`` for a tenant that is malformed or not allowed.
    package func address(for request: TokenRequest) throws(CredentialError) -> String {
        try authority.url + path(to: "token", for: request)
    }

    /// Exchanges a grant for a token.
    ///
    /// Throws ``CredentialError/failed(_:)`` whose cause is an ``EntraError`` where Entra itself said no, and
    /// ``CredentialError/cancelled``.
    package func token(_ grant: TokenGrant, for request: TokenRequest) async throws(CredentialError) -> TokenReply {
        let fields = try fields(grant, for: request)
        let (response, context) = try await post(
            fields, to: "token", isForUser: grant.isForUser, redeeming: grant, for: request)
        guard response.status == 200 else { throw context.error(for: response) }
        do throws(TokenReply.Defect) {
            return try TokenReply(response.body, receivedAt: clock.now)
        } catch {
            throw context.error(for: error, in: response)
        }
    }

    /// Sends fields to one of the tenant's pages; what comes back is to be judged, with the context to diagnose it by.
    func post(
        _ fields: [(name: String, value: String)], to page: String, isForUser: Bool,
        redeeming grant: TokenGrant? = nil, for request: TokenRequest
    ) async throws(CredentialError) -> (HTTPResponse, EntraContext) {
        let path = try path(to: page, for: request)
        try checkSettings(isForUser: isForUser, request)
        var context = try context(for: request, isForUser: isForUser)
        if grant?.isPolled == true { context.usualWait = nil }
        let http = grant?.isRepeatable == false ? httpOnce : http
        var message = HTTPRequest.form(
            (route?.url ?? authority.url) + path, fields, headers: [("client-request-id", context.requestID)])
        if let route {
            message.trust = route.trust
            message.serverName = route.serverName
            message.proxy = .never
        }
        do throws(HTTPTransportError) {
            return (try await http.send(message), context)
        } catch {
            throw context.error(for: error)
        }
    }

    /// Who asks whom for what, with a request id of its own.
    func context(for request: TokenRequest, isForUser: Bool) throws(CredentialError) -> EntraContext {
        EntraContext(
            authority: authority, tenant: try effectiveTenant(for: request), clientID: clientID,
            scope: request.scopes.joined(separator: " "), settings: settings, route: route, isForUser: isForUser,
            requestID: UUID().uuidString.lowercased(), now: clock.now)
    }

    private func effectiveTenant(for request: TokenRequest) throws(CredentialError) -> String {
        try tenantRules.tenant(for: request, own: tenant, called: settings.tenant ?? "the tenant")
    }

    func path(to page: String, for request: TokenRequest) throws(CredentialError) -> String {
        "/\(try effectiveTenant(for: request))/oauth2/v2.0/\(page)"
    }

    func checkSettings(isForUser: Bool, _ request: TokenRequest) throws(CredentialError) {
        try ClientID.check(clientID, called: settings.clientID ?? "the client id")
        if !isForUser {
            let tenant = try effectiveTenant(for: request)
            try TenantName.checkServesApplications(tenant, called: settings.tenant ?? "the tenant")
        }
        for scope in request.scopes where !Self.isScope(scope) {
            throw .failed(
                Diagnosis(
                    "the scope \(quoted(scope)) is empty or holds characters that no scope may hold",
                    remedy: "Ask for a scope such as \(AzureCloud.public.postgresScope).", kind: .misconfigured))
        }
    }

    private func fields(
        _ grant: TokenGrant, for request: TokenRequest
    ) throws(CredentialError) -> [(name: String, value: String)] {
        let scopes = grant.isSignIn ? Self.signInScopes(request) : request.scopes
        var fields = [("client_id", clientID), ("scope", scopes.joined(separator: " "))] + grant.fields
        if let claims = try ClaimsParameter.text(for: request) { fields.append(("claims", claims)) }
        if grant.isSignIn { fields.append(("client_info", "1")) }
        return fields
    }

    /// The scopes of a sign-in: those asked for, and those that make Entra say who signed in and keep it signed in.
    static func signInScopes(_ request: TokenRequest) -> [String] {
        request.scopes + ["openid", "profile", "offline_access"].filter { !request.scopes.contains($0) }
    }

    /// The characters of a scope token (RFC 6749, section 3.3).
    private static func isScope(_ text: String) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy {
                (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\")
            }
    }
}
