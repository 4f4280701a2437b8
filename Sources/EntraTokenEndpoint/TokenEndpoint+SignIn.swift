import CredentialHTTP
package import FoundationEssentials
package import TokenCredentials

extension TokenEndpoint {
    /// Asks for a code that a person enters on another screen (RFC 8628, section 3.1).
    ///
    /// Throws ``CredentialError/failed(_:)`` for settings that cannot be right and whatever is answered but a code.
    package func deviceCode(for request: TokenRequest) async throws(CredentialError) -> DeviceCodeReply {
        var fields = [("client_id", clientID), ("scope", Self.signInScopes(request).joined(separator: " "))]
        if let claims = try ClaimsParameter.text(for: request) { fields.append(("claims", claims)) }
        let (response, context) = try await post(fields, to: "devicecode", isForUser: true, for: request)
        guard response.status == 200 else { throw context.error(for: response) }
        do throws(TokenReply.Defect) {
            return try DeviceCodeReply(response.body, receivedAt: clock.now)
        } catch {
            throw context.error(for: error, in: response)
        }
    }

    /// The address at which a person signs in with a browser, which is then sent on to the redirect address with a code.
    ///
    /// - Parameter challenge: The SHA-256 of the verifier that redeems the code, in base64url (RFC 7636).
    ///
    /// Throws ``CredentialError/failed(_:)`` for settings that cannot be right.
    package func authorizationAddress(
        for request: TokenRequest, redirectURI: String, state: String, challenge: String
    ) throws(CredentialError) -> String {
        try checkSettings(isForUser: true, request)
        var fields = [
            ("client_id", clientID), ("response_type", "code"), ("redirect_uri", redirectURI),
            // The code comes in a body, and so stays out of the browser's history.
            ("response_mode", "form_post"), ("scope", Self.signInScopes(request).joined(separator: " ")),
            ("state", state), ("code_challenge", challenge), ("code_challenge_method", "S256"),
            ("prompt", "select_account"), ("client_info", "1"),
        ]
        if let claims = try ClaimsParameter.text(for: request) { fields.append(("claims", claims)) }
        let query = fields.map { "\($0)=\(HTTPRequest.percentEncoded($1))" }.joined(separator: "&")
        return try authority.url + path(to: "authorize", for: request) + "?" + query
    }

    /// The error that a browser brought back in place of a code.
    package func error(
        broughtBack word: String, description: String?, for request: TokenRequest
    ) throws(CredentialError) -> CredentialError {
        let refusal = EntraError(word: word, description: description)
        return try context(for: request, isForUser: true).error(for: refusal, in: nil)
    }

    /// The time by the endpoint's clock.
    package var now: Date { clock.now }

    /// Waits for a while, by its clock; throws ``CredentialError/cancelled``.
    package func wait(for duration: Duration) async throws(CredentialError) {
        do {
            try await clock.sleep(for: duration)
        } catch {
            throw .cancelled
        }
    }
}
