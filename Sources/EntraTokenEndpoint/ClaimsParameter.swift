import FoundationEssentials
import TokenCredentials

/// The `claims` of a token request: what a service demanded, and what this client can do.
package enum ClaimsParameter {
    /// The longest challenge accepted, in bytes.
    package static let limit = 65_536

    /// The field's text; `nil` if there is nothing to say.
    ///
    /// Throws ``CredentialError/failed(_:)`` for claims that are no JSON object or longer than ``limit``.
    static func text(for request: TokenRequest) throws(CredentialError) -> String? {
        // A server for PostgreSQL has no way to send a challenge, and the longer life that comes with the capability
        // only makes a stolen password good for longer.
        let sendsCapability = request.handlesClaimsChallenges && !request.scopes.contains(where: isPostgres)
        var claims = JSONValue.object([:])
        if let demanded = request.claims {
            guard demanded.utf8.count <= limit, let object = JSONDocument.object(in: Array(demanded.utf8)) else {
                throw .failed(
                    Diagnosis(
                        "the claims asked for are not a JSON object of at most \(limit) bytes",
                        remedy: "Pass on the claims of the challenge as they came, decoded from base64.",
                        kind: .misconfigured))
            }
            guard sendsCapability else { return demanded }
            claims = object
        }
        guard sendsCapability else { return nil }
        claims = merge(claims, capability)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return (try? encoder.encode(claims)).map { String(decoding: $0, as: UTF8.self) }
    }

    private static let capability = JSONValue.object([
        "access_token": .object(["xms_cc": .object(["values": .array([.string("cp1")])])])
    ])

    private static func isPostgres(_ scope: String) -> Bool {
        scope.lowercased().hasPrefix("https://ossrdbms-aad.")
    }

    /// Lays one value over another: objects member by member, lists as their union.
    private static func merge(_ below: JSONValue, _ above: JSONValue) -> JSONValue {
        switch (below, above) {
        case (.object(let lower), .object(let upper)): .object(lower.merging(upper, uniquingKeysWith: merge))
        case (.array(let lower), .array(let upper)): .array(lower + upper.filter { !lower.contains($0) })
        default: above
        }
    }
}
