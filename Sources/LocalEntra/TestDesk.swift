import FoundationEssentials
import TokenCredentials

/// What tests and the control interface can do beside sending requests.
struct TestDesk: Sendable {
    let frontage: Frontage
    let tokens: TokenEndpoint
    let identities: IdentitySource
    let authority: CertificateAuthority

    func issueToken(for principal: Principal, _ variation: TokenVariation) throws -> String {
        try tokens.issuer.accessToken(
            for: try subject(principal), audience: AzureCloud.public.postgresResource, variation
        ).text
    }

    private func subject(_ principal: Principal) throws -> TokenSubject {
        switch principal {
        case .application(let clientID):
            guard let application = tokens.tenant.application(clientID) else {
                throw LocalCloudError("there is no application \(clientID)")
            }
            return .application(application)
        case .managedIdentity(let clientID):
            do throws(IdentitySource.Refusal) {
                return .identity(try identities.identity(IdentitySource.Choice(clientID: clientID)))
            } catch {
                throw LocalCloudError("there is no such managed identity")
            }
        case .user(let principalName, let clientID):
            guard let user = tokens.tenant.user(principalName) else {
                throw LocalCloudError("there is no user \(principalName)")
            }
            return .user(user, clientID: clientID)
        }
    }

    func issueFederatedToken(
        issuer: String, subject: String, audience: String, lifetime: Duration, claims: [String: JSONValue]
    ) throws -> String {
        let now = tokens.clock.now
        let standard: [String: JSONValue] = [
            "iss": .string(issuer), "sub": .string(subject), "aud": .texts([audience]), "jti": .string(randomGUID()),
            "iat": .seconds(now), "nbf": .seconds(now),
            "exp": .seconds(now.addingTimeInterval(Double(lifetime.components.seconds))),
        ]
        return try tokens.issuer.federatedToken(
            claims: standard.merging(claims) { $1 }.filter { $0.value != .null })
    }
}

extension AzureCloud {
    /// The resource that ``postgresScope`` asks for.
    var postgresResource: String {
        postgresScope.hasSuffix("/.default") ? String(postgresScope.dropLast("/.default".count)) : postgresScope
    }
}
