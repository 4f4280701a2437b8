import TokenCredentials

/// A refusal in the words of Azure's servers, as people have reported them.
struct DatabaseRefusal: Sendable {
    let severity: String
    let message: String
    let hint: String?
    let sqlState: String

    init(severity: String = "FATAL", _ message: String, hint: String? = nil, sqlState: String = "28000") {
        self.severity = severity
        self.message = message
        self.hint = hint
        self.sqlState = sqlState
    }

    /// What a server says that takes no connection without TLS.
    static func unencrypted(user: String, database: String) -> DatabaseRefusal {
        DatabaseRefusal(
            "no pg_hba.conf entry for host \"127.0.0.1\", user \"\(user)\", database \"\(database)\", no encryption")
    }

    /// What a server says of a password it does not take.
    init(_ refusal: RoleLogin.Refusal, user: String, password: [UInt8], tenant: LocalTenant) {
        let claims = String(validating: password, as: UTF8.self).flatMap(WebToken.init)?.claims ?? [:]
        let role = tenant.roles.first { $0.name.utf8.elementsEqual(user.utf8) }
        switch refusal.cause {
        case .malformed: self.init("The access token has invalid format.")
        case .invalid:
            self.init("An error occurred while validating the access token. Please acquire a new token and retry")
        case .expired: self.init("The access token has expired. Acquire a new token and try again.")
        case .audience:
            self.init(
                "The access token does not have a valid audience claim. Please acquire a new token for the resource "
                    + "\"\(AzureCloud.public.postgresResource)\".")
        case .role: self.init("password authentication failed for user \"\(user)\"", sqlState: "28P01")
        case .group:
            self.init(
                "Azure AD access token not valid for role \(user) (does not contain group ID \(role?.objectID ?? ""))",
                hint: "Did you specify the correct user name and access token?")
        case .principal:
            switch (role?.kind, claims["idtyp"]?.text == "app") {
            case (.user?, true):
                self.init(
                    "Microsoft Entra user token for role \"\(user)\" is neither an AAD_AUTH_TOKENTYPE_APP_USER or an "
                        + "AAD_AUTH_TOKENTYPE_APP_OBO token.")
            case (.service?, false):
                self.init("Service principals cannot generate AAD_AUTH_TOKENTYPE_APP_USER tokens for role \"\(user)\"")
            case (.service?, true): self.init("Service Principal oid mismatch for role[\(user)]")
            default: self.init("password authentication failed for user \"\(user)\"", sqlState: "28P01")
            }
        }
    }

    /// The message ErrorResponse.
    var bytes: [UInt8] {
        var fields: [(Unicode.Scalar, String)] = [("S", severity), ("V", severity), ("C", sqlState), ("M", message)]
        if let hint { fields.append(("H", hint)) }
        return DatabaseReply.message("E", fields.flatMap { [UInt8(ascii: $0.0)] + Array($0.1.utf8) + [0] } + [0])
    }
}
