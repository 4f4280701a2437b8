/// An issuer whose tokens an application may show in place of a secret, for one subject and one audience.
public struct LocalFederation: Hashable, Sendable {
    /// The `iss` claim such a token must have, character for character.
    public var issuer: String
    /// The `sub` claim such a token must have, character for character.
    public var subject: String
    /// The `aud` claim such a token must have.
    public var audience: String
    /// The issuer's public key as PEM text; `nil` if the local cloud itself signs in the issuer's place.
    public var issuerKey: String?

    /// Registers an issuer's tokens.
    public init(
        issuer: String, subject: String, audience: String = "api://AzureADTokenExchange", issuerKey: String? = nil
    ) {
        self.issuer = issuer
        self.subject = subject
        self.audience = audience
        self.issuerKey = issuerKey
    }
}

extension LocalFederation: Decodable {
    private enum Key: String, CodingKey { case issuer, subject, audience, issuerKey }

    /// Reads one of a configuration file's `federatedCredentials`; `issuer` and `subject` must be there.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        self.init(
            issuer: try container.decode(String.self, forKey: .issuer),
            subject: try container.decode(String.self, forKey: .subject),
            issuerKey: try container.decodeIfPresent(String.self, forKey: .issuerKey))
        audience = try container.decodeIfPresent(String.self, forKey: .audience) ?? audience
    }
}
