import FoundationEssentials
import TokenCredentials

/// A token for somebody.
///
/// `{"application"|"identity"|"user": …, "audience"?, "lifetime"?, "notBefore"?, "claims"?, "length"?}`
///
/// `identity` is a client id, or empty for the one that a machine would pick; times are seconds from now.
struct TokenOrder: Decodable {
    var application: String?
    var identity: String?
    var user: String?
    var audience: String?
    var lifetime: Int64?
    var notBefore: Double?
    var claims: [String: JSONValue]?
    var length: Int?

    var principal: Principal {
        if let application { return .application(clientID: application) }
        if let user { return .user(principalName: user) }
        return .managedIdentity(clientID: identity.flatMap { $0.isEmpty ? nil : $0 })
    }

    var variation: TokenVariation {
        TokenVariation(
            lifetime: lifetime.map(Duration.seconds),
            notBefore: notBefore.map { Date(timeIntervalSinceNow: min(max($0, -1e9), 1e9)) }, audience: audience,
            claims: claims ?? [:], length: length.map { min($0, 200_000) })
    }
}

/// A token of another issuer.
///
/// `{"issuer", "subject", "audience"?, "lifetime"?, "claims"?}`
struct FederatedTokenOrder: Decodable {
    var issuer: String
    var subject: String
    var audience: String?
    var lifetime: Int64?
    var claims: [String: JSONValue]?
}

/// A certificate.
///
/// `{"names": ["localhost", …]}`
struct CertificateOrder: Decodable {
    var names: [String]
}

/// Which requests to show.
///
/// `{"endpoint"?}`
struct RequestsOrder: Decodable {
    var endpoint: Endpoint?
}

/// A person's answer.
///
/// `{"userCode"?, "user"}` signs in as that user, and without `user` declines.
struct AnswerOrder: Decodable {
    var userCode: String?
    var user: String?

    var answer: SignInAnswer { user.map { .approve(principalName: $0) } ?? .decline }
}

/// A fault.
///
/// `{"endpoint", "kind", "times"?, …}`; the kinds are those of ``Fault``.
struct FaultOrder: Decodable {
    var endpoint: Endpoint
    var kind: String
    var times: Int?
    var status: Int?
    var headers: [String: String]?
    var body: String?
    var error: String?
    var number: Int?
    var address: String?
    var bytes: Int?
    var seconds: Int64?

    var fault: Fault {
        get throws {
            switch kind {
            case "reply":
                let fields = (headers ?? [:]).sorted { $0.key < $1.key }.map { RequestField($0.key, $0.value) }
                return .reply(status: min(max(status ?? 500, 200), 599), headers: fields, body: body ?? "")
            case "refusal":
                return .refusal(
                    status: min(max(status ?? 400, 200), 599), error: error ?? "temporarily_unavailable",
                    number: number ?? 90033)
            case "throttled": return .throttled(retryAfter: Int(seconds ?? 1))
            case "page": return .page
            case "redirect": return .redirect(to: address ?? "https://localhost/")
            case "silence": return .silence
            case "hang-up": return .hangUp
            case "oversized": return .oversized(bytes: max(0, bytes ?? 200_000_000))
            case "delay": return .delay(.seconds(min(max(seconds ?? 1, 0), 3600)))
            case "stale-expiry": return .staleExpiry
            default: throw LocalCloudError("there is no such kind of fault")
            }
        }
    }
}
