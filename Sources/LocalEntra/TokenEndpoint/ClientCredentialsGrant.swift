import TokenCredentials

extension TokenEndpoint {
    /// The application's own token (RFC 6749, section 4.4).
    func clientCredentials(_ request: Request) throws -> [String: JSONValue] {
        try authenticate(request, .always)
        let scope = try RequestedScope.ofApplication(request.required("scope"), resources: resources)
        return Self.members(
            of: try issuer.accessToken(for: .application(request.application), audience: scope.resource))
    }

    /// Which applications must prove who they are.
    enum Proof {
        /// Every one.
        case always
        /// Only those that can keep a secret.
        case whereConfidential
    }

    /// Throws unless the application has proved who it is, by secret or by assertion.
    func authenticate(_ request: Request, _ proof: Proof) throws(EntraRefusal) {
        let application = request.application
        let secret = request.form.first("client_secret")
        let assertion = request.form.first("client_assertion")
        if application.kind == .publicClient, secret != nil || assertion != nil {
            throw EntraRefusal(
                "invalid_client", 700025, "the application is a public client and must not send a credential",
                status: 401)
        }
        if let secret {
            guard application.secrets.contains(where: { $0.value == secret }) else {
                throw EntraRefusal(
                    "invalid_client", 7_000_215,
                    "the client secret is not one of the application '\(application.clientID)'", status: 401)
            }
        } else if let assertion {
            let kind = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
            guard request.form.first("client_assertion_type") == kind else {
                throw .missing("client_assertion_type")
            }
            try verify(assertion: assertion, request)
        } else if proof == .always || application.kind == .confidential {
            throw EntraRefusal(
                "invalid_client", 7_000_218, "the request body must contain 'client_secret' or 'client_assertion'",
                status: 401)
        }
    }
}
