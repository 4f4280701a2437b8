import CTokenOpenSSL
import FoundationEssentials
import TokenCredentials

/// Signs tokens with the tenant's one key.
struct TokenIssuer: Sendable {
    /// A signed token and until when it is good.
    struct IssuedToken: Sendable {
        let text: String
        let issuedAt: Date
        let expiresAt: Date

        /// How long it lives, in whole seconds.
        var lifetime: Int { Int(expiresAt.timeIntervalSince(issuedAt)) }
    }

    let key: AsymmetricKey
    let keyID: String
    private let tenantID: String
    private let lifetime: Duration
    private let length: Int
    private let clock: any WallClock

    init(
        tenantID: String, key: KnownSecret?, lifetime: Duration, length: Int, clock: any WallClock
    ) throws {
        self.key = try key.map { try AsymmetricKey(privatePEM: $0.value) } ?? .rsa()
        keyID = Data(digest(try self.key.number("n"), EVP_sha1())).base64URL
        self.tenantID = tenantID
        self.lifetime = lifetime
        self.length = length
        self.clock = clock
    }

    /// The issuer that version 1.0 tokens name, whatever the authority's address.
    static func issuer(tenantID: String) -> String { "https://sts.windows.net/\(tenantID)/" }

    /// Makes an access token.
    func accessToken(
        for subject: TokenSubject, audience: String, scope: String? = nil, _ variation: TokenVariation = .none
    ) throws -> IssuedToken {
        let issued = variation.issuedAt ?? clock.now
        let expiry = issued.addingTimeInterval(Double((variation.lifetime ?? lifetime).components.seconds))
        let issuer = JSONValue.string(Self.issuer(tenantID: tenantID))
        var claims: [String: JSONValue] = [
            "aud": .string(variation.audience ?? audience), "iss": issuer, "idp": issuer,
            "iat": .seconds(issued), "nbf": .seconds(variation.notBefore ?? issued), "exp": .seconds(expiry),
            "appid": .string(subject.clientID), "oid": .string(subject.objectID), "sub": .string(subject.objectID),
            "tid": .string(tenantID), "uti": .string(randomText(22)), "ver": .string("1.0"),
            "rh": .string("1.AAAA" + randomText(40) + "."), "xms_ftd": .string(randomText(48)),
            "xms_idrel": .string("7 2"), "xms_rd": .string(randomText(44)),
            "wids": .texts(["0997a1d0-0d1d-4acb-b408-d5ca73121e90"]),
        ]
        claims.merge(subject.claims(scope: scope)) { $1 }
        for (name, value) in variation.claims { claims[name] = value == .null ? nil : value }
        let header: [String: JSONValue] = ["kid": .string(keyID), "x5t": .string(keyID)].merging(variation.header) {
            $1
        }
        let text = try signed(header: header, claims: claims, length: variation.length ?? length)
        return IssuedToken(text: text, issuedAt: issued, expiresAt: expiry)
    }

    /// Makes a token about who signed in, for the application itself.
    func identityToken(
        for user: LocalUser, clientID: String, nonce: String?, authority: String
    ) throws -> String {
        let now = clock.now
        var claims: [String: JSONValue] = [
            "aud": .string(clientID), "iss": .string("\(authority)/\(tenantID)/v2.0"), "iat": .seconds(now),
            "nbf": .seconds(now), "exp": .seconds(now.addingTimeInterval(Double(lifetime.components.seconds))),
            "name": .string(user.name), "oid": .string(user.objectID), "sub": .string(randomText(43)),
            "preferred_username": .string(user.principalName), "tid": .string(tenantID), "ver": .string("2.0"),
        ]
        if let nonce { claims["nonce"] = .string(nonce) }
        return try WebToken.signed(header: ["kid": .string(keyID)], claims: claims, by: key)
    }

    /// Makes a token of another issuer, in whose place the local cloud signs.
    func federatedToken(claims: [String: JSONValue]) throws -> String {
        try WebToken.signed(header: ["kid": .string(keyID)], claims: claims, by: key)
    }

    /// The public key as a JSON Web Key (RFC 7517).
    func webKey() throws -> JSONValue {
        .object([
            "kty": .string("RSA"), "use": .string("sig"), "alg": .string("RS256"), "kid": .string(keyID),
            "x5t": .string(keyID), "n": .string(try key.number("n").base64URL),
            "e": .string(try key.number("e").base64URL),
        ])
    }

    /// Signs, and fills up an opaque claim such as real tokens have until the text is long enough.
    private func signed(header: [String: JSONValue], claims: [String: JSONValue], length: Int) throws -> String {
        let text = try WebToken.signed(header: header, claims: claims, by: key)
        let missing = length - text.utf8.count
        guard missing > 0 else { return text }
        var claims = claims
        // A claim's 3 bytes become 4 characters; the claim's own name and quotes take some of them.
        claims["aio"] = .string(randomText(max(1, missing * 3 / 4 - 7)))
        return try WebToken.signed(header: header, claims: claims, by: key)
    }
}

extension JSONValue {
    /// A time as whole seconds since 1970.
    static func seconds(_ date: Date) -> JSONValue { .number(date.timeIntervalSince1970.rounded(.down)) }
}

/// Random characters of the base64url alphabet.
func randomText(_ count: Int) -> String {
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)
    var generator = SystemRandomNumberGenerator()
    return String(decoding: (0..<count).map { _ in alphabet[Int(generator.next() & 63)] }, as: UTF8.self)
}

/// A random GUID in lower case.
func randomGUID() -> String { UUID().uuidString.lowercased() }
