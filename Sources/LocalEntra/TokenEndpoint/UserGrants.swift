import CTokenOpenSSL
import FoundationEssentials
import TokenCredentials

extension TokenEndpoint {
    /// A user's token for name and password (RFC 6749, section 4.3).
    func password(_ request: Request) throws -> [String: JSONValue] {
        try authenticate(request, .whereConfidential)
        let scope = try RequestedScope.ofUser(request.required("scope"), resources: resources)
        let name = try request.required("username")
        let password = try request.required("password")
        guard let user = tenant.user(name) else {
            throw EntraRefusal("invalid_grant", 50034, "the user account does not exist in this directory")
        }
        guard user.password.value == password else {
            throw EntraRefusal("invalid_grant", 50126, "the user name or the password is wrong")
        }
        return try userTokens(user, request, scope)
    }

    /// New tokens for a refresh token, which is itself replaced; the old one stays good, as it does at Entra.
    func refreshToken(_ request: Request) throws -> [String: JSONValue] {
        try authenticate(request, .whereConfidential)
        guard let grant = ledger.refresh(try request.required("refresh_token")) else {
            throw EntraRefusal("invalid_grant", 70000, "the refresh token is malformed, revoked or not of this service")
        }
        guard grant.clientID == request.application.clientID else {
            throw EntraRefusal("invalid_grant", 700005, "the refresh token was given to another application")
        }
        guard let user = tenant.user(grant.user) else {
            throw EntraRefusal("invalid_grant", 50057, "the user account is no longer there")
        }
        var text = request.form.first("scope") ?? ""
        if text.isEmpty { text = grant.scope }
        let scope = try RequestedScope.ofUser(text, resources: resources)
        var members = try userTokens(user, request, scope)
        if members["refresh_token"] == nil {
            members["refresh_token"] = .string(
                ledger.recordRefresh(user: grant.user, clientID: grant.clientID, scope: text))
        }
        return members
    }

    /// Tokens for the code that a browser brought back, with proof that this client sent the browser (RFC 7636).
    func authorizationCode(_ request: Request) throws -> [String: JSONValue] {
        try authenticate(request, .whereConfidential)
        let code = try ledger.redeem(try request.required("code"))
        guard code.expiresAt > clock.now else {
            throw EntraRefusal("invalid_grant", 70008, "the authorization code has expired")
        }
        guard code.clientID == request.application.clientID else {
            throw EntraRefusal("invalid_grant", 700005, "the authorization code was given to another application")
        }
        guard try request.required("redirect_uri") == code.redirectURI else {
            throw EntraRefusal("invalid_grant", 50011, "the redirect address is not the one the code was sent to")
        }
        let verifier = try request.required("code_verifier")
        guard Data(digest(verifier.utf8, EVP_sha256())).base64URL == code.challenge else {
            throw EntraRefusal("invalid_grant", 501481, "the code verifier does not match the code challenge")
        }
        guard let user = tenant.user(code.user) else {
            throw EntraRefusal("invalid_grant", 50057, "the user account is no longer there")
        }
        let scope = try RequestedScope.ofUser(code.scope, resources: resources)
        return try userTokens(user, request, scope, nonce: code.nonce)
    }

    /// What became of a sign-in on another device (RFC 8628, section 3.4).
    func deviceCode(_ request: Request) throws -> [String: JSONValue] {
        try authenticate(request, .whereConfidential)
        let text = try request.required("device_code")
        guard let device = ledger.poll(text, now: clock.now), device.clientID == request.application.clientID else {
            throw EntraRefusal("bad_verification_code", 70018, "the device code is not one of this service")
        }
        guard device.expiresAt > clock.now else {
            throw EntraRefusal("expired_token", 70019, "the device code has expired")
        }
        switch device.answer {
        case .decline?:
            throw EntraRefusal("authorization_declined", 90120, "the user declined the sign-in")
        case .approve(let name)?:
            guard let user = tenant.user(name) else {
                throw EntraRefusal("invalid_grant", 50034, "the user account does not exist in this directory")
            }
            return try userTokens(user, request, try .ofUser(device.scope, resources: resources))
        case nil:
            if let last = device.lastPoll, clock.now.timeIntervalSince(last) < device.interval - 0.25 {
                throw EntraRefusal("slow_down", 50196, "the client polls faster than it was told to")
            }
            throw EntraRefusal("authorization_pending", 70016, "the user has not signed in yet")
        }
    }

    /// A token for another resource in the name of the user who called (OAuth on behalf of).
    func onBehalfOf(_ request: Request) throws -> [String: JSONValue] {
        try authenticate(request, .always)
        guard request.form.first("requested_token_use") == "on_behalf_of" else {
            throw EntraRefusal.missing("requested_token_use")
        }
        let scope = try RequestedScope.ofUser(request.required("scope"), resources: resources)
        guard let token = WebToken(try request.required("assertion")), token.scheme == .rs256,
            token.isSigned(by: issuer.key), let claims = token.claims
        else { throw EntraRefusal("invalid_grant", 50013, "the assertion is not a token of this service") }
        let now = clock.now.timeIntervalSince1970
        guard let expiry = claims["exp"]?.seconds, expiry > now, (claims["nbf"]?.seconds ?? now) <= now else {
            throw EntraRefusal("invalid_grant", 500133, "the assertion is not within its valid time range")
        }
        let clientID = request.application.clientID
        guard let audience = claims["aud"]?.text, [clientID, "api://" + clientID].contains(audience) else {
            throw EntraRefusal("invalid_grant", 500131, "the assertion was not issued for this application")
        }
        guard let user = claims["upn"]?.text.flatMap(tenant.user) else {
            throw EntraRefusal("invalid_grant", 7_000_114, "the assertion is an application's, not a user's")
        }
        return try userTokens(user, request, scope)
    }
}
