/// How an application shows who it is, where a grant alone does not.
package enum ClientAuthentication: Sendable {
    /// It cannot: a program on somebody's own machine keeps no secret.
    case none
    /// By a secret.
    case secret(String)
    /// By a JSON Web Token that a key it registered, or an issuer it trusts, has signed.
    case assertion(String)

    var fields: [(name: String, value: String)] {
        switch self {
        case .none: []
        case .secret(let secret): [("client_secret", secret)]
        case .assertion(let assertion):
            [
                ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
                ("client_assertion", assertion),
            ]
        }
    }
}

/// What is given for a token.
package enum TokenGrant: Sendable {
    /// The application's own secret.
    case clientSecret(String)
    /// An assertion of who the application is.
    case clientAssertion(String)
    /// Somebody's token for this application, in exchange for one for another service.
    case onBehalfOf(assertion: String, ClientAuthentication)
    /// The code a browser brought back.
    case authorizationCode(String, redirectURI: String, verifier: String, ClientAuthentication = .none)
    /// What an earlier sign-in left.
    case refreshToken(String, ClientAuthentication = .none)
    /// The code of a sign-in under way on another screen.
    case deviceCode(String)
    /// A person's name and password. Deprecated by Entra, and refused where a second factor is asked for.
    case password(user: String, password: String)

    /// Whether a person signed in with the application itself, so that the token may come with a refresh token.
    var isSignIn: Bool {
        switch self {
        case .clientSecret, .clientAssertion, .onBehalfOf: false
        case .authorizationCode, .refreshToken, .deviceCode, .password: true
        }
    }

    /// Whether the token is a person's and not the application's.
    var isForUser: Bool {
        if case .onBehalfOf = self { true } else { isSignIn }
    }

    /// Whether the same request may be sent again although it may have been answered: a code is used up by its answer, and
    /// a wrong password counts.
    var isRepeatable: Bool {
        switch self {
        case .clientSecret, .clientAssertion, .onBehalfOf, .refreshToken: true
        case .authorizationCode, .deviceCode, .password: false
        }
    }

    /// Whether the next request follows by itself, since somebody polls.
    package var isPolled: Bool { if case .deviceCode = self { true } else { false } }

    var fields: [(name: String, value: String)] {
        switch self {
        case .clientSecret(let secret):
            [("grant_type", "client_credentials")] + ClientAuthentication.secret(secret).fields
        case .clientAssertion(let assertion):
            [("grant_type", "client_credentials")] + ClientAuthentication.assertion(assertion).fields
        case .onBehalfOf(let assertion, let client):
            [
                ("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"), ("assertion", assertion),
                ("requested_token_use", "on_behalf_of"),
            ] + client.fields
        case .authorizationCode(let code, let redirectURI, let verifier, let client):
            [
                ("grant_type", "authorization_code"), ("code", code), ("redirect_uri", redirectURI),
                ("code_verifier", verifier),
            ] + client.fields
        case .refreshToken(let token, let client):
            [("grant_type", "refresh_token"), ("refresh_token", token)] + client.fields
        case .deviceCode(let code):
            [("grant_type", "urn:ietf:params:oauth:grant-type:device_code"), ("device_code", code)]
        case .password(let user, let password):
            [("grant_type", "password"), ("username", user), ("password", password)]
        }
    }
}

extension ClientAuthentication: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The kind alone.
    package var description: String {
        switch self {
        case .none: "no client authentication"
        case .secret: "client secret"
        case .assertion: "client assertion"
        }
    }

    /// The same as ``description``.
    package var debugDescription: String { description }

    /// Nothing but the ``description``.
    package var customMirror: Mirror { Mirror(self, children: ["kind": description]) }
}

extension TokenGrant: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The kind alone.
    package var description: String {
        switch self {
        case .clientSecret: "client secret"
        case .clientAssertion: "client assertion"
        case .onBehalfOf: "on behalf of a person"
        case .authorizationCode: "authorization code"
        case .refreshToken: "refresh token"
        case .deviceCode: "device code"
        case .password: "password"
        }
    }

    /// The same as ``description``.
    package var debugDescription: String { description }

    /// Nothing but the ``description``.
    package var customMirror: Mirror { Mirror(self, children: ["kind": description]) }
}
