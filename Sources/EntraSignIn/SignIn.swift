import EntraTokenEndpoint
package import FoundationEssentials
package import TokenCredentials

/// What a person's sign-in leaves behind: enough to ask for tokens when the person has gone.
package struct SignIn: Hashable, Sendable {
    /// What a token is asked for with.
    ///
    /// A secret, and a strong one: it is good for months.
    package let refreshToken: String
    /// Who signed in, such as `"bob@contoso.example"`, as far as Entra said.
    package let account: String?
    /// The account's number and that of its directory, joined by a dot, as far as Entra said.
    package let accountID: String?
    /// The account's own directory, or whatever was asked if Entra did not say.
    package let tenant: String
    /// The application that the person signed in to.
    ///
    /// No other can use the refresh token.
    package let clientID: String
    /// The scopes asked for at the sign-in; others can be asked for with it too.
    package let scopes: [String]
    /// The identity service.
    package let authority: Authority
    /// When Entra last sent a refresh token (UTC, whole seconds).
    package let renewedAt: Date

    package init(
        refreshToken: String, account: String?, accountID: String? = nil, tenant: String, clientID: String,
        scopes: [String], authority: Authority, renewedAt: Date
    ) {
        self.refreshToken = refreshToken
        self.account = account
        self.accountID = accountID
        self.tenant = tenant
        self.clientID = clientID
        self.scopes = scopes
        self.authority = authority
        self.renewedAt = Date(timeIntervalSince1970: renewedAt.timeIntervalSince1970.rounded(.down))
    }

    /// The kind under which stores keep sign-ins.
    package static let kind = "sign-in"

    /// Where a store keeps the sign-in of a profile.
    package static func key(profile: String) -> SecretKey { SecretKey(kind: kind, profile: profile) }

    /// The same sign-in with the refresh token that replaces the old one.
    package func renewed(_ refreshToken: String, at now: Date) -> SignIn {
        SignIn(
            refreshToken: refreshToken, account: account, accountID: accountID, tenant: tenant, clientID: clientID,
            scopes: scopes, authority: authority, renewedAt: now)
    }
}

extension SignIn: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Who signed in to what, without the refresh token.
    package var description: String {
        "SignIn(\(account.map { quoted($0) } ?? "unnamed account"), tenant \(tenant), client \(clientID))"
    }

    /// The same as ``description``.
    package var debugDescription: String { description }

    /// Nothing but the ``description``.
    package var customMirror: Mirror { Mirror(self, children: ["signIn": description]) }
}
