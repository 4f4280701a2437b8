import TokenCredentials

/// Whom a token speaks for, with the claims that say so.
enum TokenSubject: Sendable {
    case application(LocalApplication)
    case identity(LocalIdentity)
    case user(LocalUser, clientID: String)

    var objectID: String {
        switch self {
        case .application(let application): application.objectID
        case .identity(let identity): identity.objectID
        case .user(let user, _): user.objectID
        }
    }

    var clientID: String {
        switch self {
        case .application(let application): application.clientID
        case .identity(let identity): identity.clientID
        case .user(_, let clientID): clientID
        }
    }

    /// The claims of this kind of principal, in the form of version 1.0 tokens.
    func claims(scope: String?) -> [String: JSONValue] {
        switch self {
        case .application(let application):
            return claimsOfService(groups: application.groups)
        case .identity(let identity):
            var claims = claimsOfService(groups: identity.groups)
            claims["xms_mirid"] = .string(identity.resourceID)
            return claims
        case .user(let user, _):
            var claims: [String: JSONValue] = [
                "idtyp": .string("user"), "upn": .string(user.principalName),
                "unique_name": .string(user.principalName), "name": .string(user.name), "amr": .texts(["pwd"]),
                "appidacr": .string("0"), "scp": .string(scope ?? "user_impersonation"), "ipaddr": .string("127.0.0.1"),
            ]
            if !user.groups.isEmpty { claims["groups"] = .texts(user.groups) }
            return claims
        }
    }

    private func claimsOfService(groups: [String]) -> [String: JSONValue] {
        var claims: [String: JSONValue] = ["idtyp": .string("app"), "appidacr": .string("2")]
        if !groups.isEmpty { claims["groups"] = .texts(groups) }
        return claims
    }
}
