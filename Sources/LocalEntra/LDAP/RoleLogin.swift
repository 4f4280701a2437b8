import FoundationEssentials
import TokenCredentials

/// Decides whether a token opens a database role, as Azure's server does: by signature, time, audience and object id.
struct RoleLogin: Sendable {
    /// Why a login is refused.
    ///
    /// The reason goes to the server's log and holds nothing of the token but its claims.
    struct Refusal: Error, Equatable {
        /// What the database says of it, for those who tell texts apart by it.
        enum Cause: Sendable {
            case malformed, invalid, expired, audience, role, group, principal
        }

        let reason: String
        let cause: Cause

        init(_ reason: String, _ cause: Cause = .invalid) {
            self.reason = reason
            self.cause = cause
        }
    }

    private static let prefix = "role="

    let tenant: LocalTenant
    let key: AsymmetricKey
    let audiences: [String]
    let clock: any WallClock

    /// Checks a bind whose name is `role=` and the role, and whose password is the token.
    func check(name: [UInt8], password: [UInt8]) throws(Refusal) {
        guard let name = String(validating: name, as: UTF8.self), name.hasPrefix(Self.prefix) else {
            throw Refusal("the name is not \"role=\" and a role")
        }
        guard !password.isEmpty else { throw Refusal("the password is empty") }
        guard let text = String(validating: password, as: UTF8.self), let token = WebToken(text) else {
            throw Refusal("the password is not an access token", .malformed)
        }
        let claims = try believed(token)
        try check(claims, open: String(name.dropFirst(Self.prefix.count)))
    }

    private func believed(_ token: WebToken) throws(Refusal) -> [String: JSONValue] {
        guard token.scheme == .rs256 else { throw Refusal("the access token is not signed by RS256") }
        guard token.isSigned(by: key) else { throw Refusal("the access token's signature is not valid") }
        guard let claims = token.claims else { throw Refusal("the access token has no claims") }
        let now = clock.now.timeIntervalSince1970
        guard let expiry = claims["exp"]?.seconds, now < expiry else {
            throw Refusal("the access token has expired", .expired)
        }
        if let start = claims["nbf"] {
            guard let start = start.seconds, start <= now else { throw Refusal("the access token is not valid yet") }
        }
        guard let audience = claims["aud"]?.text, audiences.contains(where: { Self.isSame($0, audience) }) else {
            throw Refusal("the access token is for another audience", .audience)
        }
        let issuers = [TokenIssuer.issuer(tenantID: tenant.id)]
        guard let issuer = claims["iss"]?.text, issuers.contains(issuer), claims["tid"]?.text == tenant.id else {
            throw Refusal("the access token is of another tenant")
        }
        return claims
    }

    private func check(_ claims: [String: JSONValue], open name: String) throws(Refusal) {
        // Swift compares texts by meaning; the server compares them byte by byte.
        guard let role = tenant.roles.first(where: { $0.name.utf8.elementsEqual(name.utf8) }) else {
            throw Refusal("the role belongs to no principal", .role)
        }
        let owner = role.objectID.lowercased()
        switch role.kind {
        case .group:
            let groups = claims["groups"]?.texts ?? []
            guard groups.contains(where: { $0.lowercased() == owner }) else {
                throw Refusal("the access token's principal is not a member of the role's group", .group)
            }
        case .user, .service:
            guard claims["oid"]?.text?.lowercased() == owner else {
                throw Refusal("the access token is another principal's", .principal)
            }
            guard (claims["idtyp"]?.text == "app") == (role.kind == .service) else {
                throw Refusal("the access token is of another kind of principal", .principal)
            }
        }
    }

    private static func isSame(_ one: String, _ other: String) -> Bool {
        func bare(_ text: String) -> String { text.hasSuffix("/") ? String(text.dropLast()) : text }
        return bare(one) == bare(other)
    }
}
