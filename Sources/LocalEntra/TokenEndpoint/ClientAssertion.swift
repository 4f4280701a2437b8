import FoundationEssentials
import TokenCredentials

extension TokenEndpoint {
    /// How far clocks may differ (as the service allows).
    private static let skew: Double = 300

    /// Throws unless the assertion proves the application: signed with a registered certificate, or by an issuer that
    /// the application trusts (RFC 7523, section 3).
    func verify(assertion: String, _ request: Request) throws(EntraRefusal) {
        guard let token = WebToken(assertion), token.scheme != nil, let claims = token.claims else {
            throw Self.refused(50027, "the client assertion is not a signed JSON Web Token")
        }
        let isCertificate = token.header["x5t"] != nil || token.header["x5t#S256"] != nil
        if isCertificate {
            try verifyCertificate(token, claims, request)
        } else {
            try verifyFederation(token, claims, request)
        }
    }

    private func verifyCertificate(
        _ token: WebToken, _ claims: [String: JSONValue], _ request: Request
    ) throws(EntraRefusal) {
        let application = request.application
        guard let key = keys.certificateKey(of: application, header: token.header), token.isSigned(by: key) else {
            throw Self.refused(700027, "the assertion's signature is of no certificate registered for the application")
        }
        let clientID = application.clientID.lowercased()
        guard claims["iss"]?.text?.lowercased() == clientID, claims["sub"]?.text?.lowercased() == clientID else {
            throw Self.refused(700021, "the assertion's issuer and subject are not the application")
        }
        let audiences = claims["aud"]?.texts ?? []
        guard audiences.contains(where: { Self.isOurs($0, request, tenant) }) else {
            throw Self.refused(700023, "the assertion's audience is not this token endpoint")
        }
        try verifyTimes(claims)
        guard let identifier = claims["jti"]?.text, ledger.recordAssertion("\(clientID) \(identifier)") else {
            throw Self.refused(50012, "the assertion has no 'jti', or was used before")
        }
    }

    private func verifyFederation(
        _ token: WebToken, _ claims: [String: JSONValue], _ request: Request
    ) throws(EntraRefusal) {
        let issuer = claims["iss"]?.text ?? ""
        let trusted = request.application.federatedCredentials.filter { $0.issuer == issuer }
        guard !trusted.isEmpty else {
            throw Self.refused(700211, "no federated credential has the issuer '\(issuer.prefix(200))'")
        }
        let audiences = claims["aud"]?.texts ?? []
        let forAudience = trusted.filter { audiences.contains($0.audience) }
        guard !forAudience.isEmpty else {
            throw Self.refused(700212, "no federated credential has the assertion's audience")
        }
        let subject = claims["sub"]?.text ?? ""
        guard let credential = forAudience.first(where: { $0.subject == subject }) else {
            throw Self.refused(700213, "no federated credential has the subject '\(subject.prefix(200))'")
        }
        guard token.isSigned(by: keys.issuerKey(of: credential) ?? self.issuer.key) else {
            throw Self.refused(700027, "the assertion's signature is not its issuer's")
        }
        try verifyTimes(claims)
    }

    private func verifyTimes(_ claims: [String: JSONValue]) throws(EntraRefusal) {
        let now = clock.now.timeIntervalSince1970
        guard let expiry = claims["exp"]?.seconds, now <= expiry + Self.skew,
            (claims["nbf"]?.seconds ?? now) <= now + Self.skew
        else { throw Self.refused(700024, "the assertion is not within its valid time range") }
    }

    private static func isOurs(_ audience: String, _ request: Request, _ tenant: LocalTenant) -> Bool {
        let port = request.exchange.localPort
        for name in [tenant.id] + tenant.domains {
            for host in ["localhost", "127.0.0.1"] {
                let base = "https://\(host):\(port)/\(name)"
                if [base + "/oauth2/v2.0/token", base + "/v2.0"].contains(audience) { return true }
            }
        }
        return false
    }

    private static func refused(_ number: Int, _ text: String) -> EntraRefusal {
        EntraRefusal("invalid_client", number, text, status: 401)
    }
}
