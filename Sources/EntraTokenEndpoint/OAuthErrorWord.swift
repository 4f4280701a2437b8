package import TokenCredentials

/// What each word means that an identity service may put into `error` (RFC 6749, section 5.2, and Entra's own).
package struct OAuthErrorWord: Sendable {
    /// The word.
    package let word: String
    /// The kind of trouble.
    package let kind: Diagnosis.Kind
    /// What it means, with places to fill in.
    package let problem: String
    /// What to do, with places to fill in.
    package let remedy: String

    private init(_ word: String, _ kind: Diagnosis.Kind, _ problem: String, _ remedy: String) {
        self.word = word
        self.kind = kind
        self.problem = problem
        self.remedy = remedy
    }

    /// The row of a word; `nil` for a word that is not known.
    package static func row(for word: String) -> OAuthErrorWord? { known.first { $0.word == word } }

    /// The words known, one row each.
    package static let known: [OAuthErrorWord] = [
        .init(
            "invalid_request", .refused, "Entra found the request malformed or a setting unusable",
            "Check tenant {tenant}, client id {client} and scope {scope}."),
        .init(
            "invalid_client", .refused, "Entra did not accept {proof} as proof of application {client}",
            "Check that {proof} is current and belongs to this application."),
        .init(
            "unauthorized_client", .refused, "application {client} is unknown or disabled in tenant {tenant}",
            "Check client id, tenant, and that {authority} is the right cloud."),
        .init(
            "invalid_grant", .signInNeeded, "Entra no longer accepts what was given for the token",
            "Sign in again; for an application, check {proof}."),
        .init(
            "interaction_required", .signInNeeded, "Entra wants a person to sign in", "Sign in interactively."),
        .init("login_required", .signInNeeded, "Entra wants a person to sign in", "Sign in interactively."),
        .init(
            "consent_required", .signInNeeded, "nobody has consented to application {client} for {scope}",
            "Sign in interactively and consent, or have an administrator consent."),
        .init(
            "invalid_scope", .refused, "the scope {scope} is not one this application can ask for",
            "Check the scope; an application asks for a resource with /.default at its end."),
        .init(
            "invalid_resource", .refused, "the resource of {scope} is not known in tenant {tenant}",
            "Check the scope, the tenant, and that {authority} is the right cloud."),
        .init(
            "invalid_target", .refused, "the resource of {scope} is not known in tenant {tenant}",
            "Check the scope, the tenant, and that {authority} is the right cloud."),
        .init(
            "access_denied", .refused, "a person or an administrator declined",
            "Sign in again and approve, or ask an administrator."),
        .init("authorization_declined", .refused, "the sign-in was declined", "Sign in again and approve."),
        .init(
            "unsupported_grant_type", .refused, "{authority} does not offer this way of asking for a token",
            "Check the authority and the kind of the application."),
        .init(
            "unsupported_response_type", .refused, "{authority} does not offer this way of signing in",
            "Check the authority and the kind of the application."),
        .init(
            "authorization_pending", .signInNeeded, "the sign-in has not been completed yet",
            "Enter the code on the page that was shown."),
        .init("slow_down", .signInNeeded, "the sign-in was asked after too often", "Ask less often."),
        .init("expired_token", .signInNeeded, "the code was not entered in time", "Start the sign-in again."),
        .init("bad_verification_code", .signInNeeded, "the code is not known", "Start the sign-in again."),
        .init("temporarily_unavailable", .temporary, "Entra is temporarily unavailable", "Try again later."),
        .init("server_error", .temporary, "Entra had an error of its own", "Try again later."),
        .init(
            "invalid_instance", .refused, "{authority} is not an authority Entra knows",
            "Correct the authority, such as login.microsoftonline.com."),
    ]
}
