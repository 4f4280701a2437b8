import FoundationEssentials
import KnownFailures
import PostgresCredentials
import TokenCredentials

/// Compares what a token says of itself with the server, the user and the time.
struct TokenCheck {
    let connection: ConnectionInfo
    let request: TokenRequest
    let tenant: String?
    let now: Date
    /// The application by which Entra knows Azure's open-source databases; tokens may name it as their audience.
    private static let databaseApplication = "123cd850-d9df-40bd-94d5-c9f07b7fa203"

    /// What is wrong with a password that somebody kept.
    func findings(for stored: StoredPassword) -> [CheckFinding] {
        if let token = stored.token { return findings(for: token, from: stored.place) }
        guard WholeToken.isTorn(stored.text) else {
            let remedy =
                stored.place == "the connection"
                ? "Leave the password out, and connect with passgres psql."
                : "Write a token in its place with passgres pgpass, or connect with passgres psql."
            return [
                .warn(.token, "T05", "the password in \(stored.place) is no token, and libpq sends it", remedy: remedy)
            ]
        }
        return [
            .fail(
                .token, "T02",
                "the password in \(stored.place) is a token with something else around it, or a part of one")
        ]
    }

    /// What is wrong with a token.
    func findings(for token: AccessToken, from place: String) -> [CheckFinding] {
        guard let claims = token.claims else {
            return [.warn(.token, nil, "the token from \(place) is of a kind that cannot be looked into")]
        }
        let findings =
            (time(claims, place) + audience(claims, place) + directory(claims, place)).map { $0.doubting(.token) }
            + role(token, claims, place)
        guard findings.isEmpty else { return findings }
        let name = (try? connection.roleNamed(by: token))?.name
        return [
            .ok(
                .token,
                "the token from \(place) fits: \(name.map { "of \(quoted($0)), " } ?? "")"
                    + "good for \(EnvironmentCheck.age(token.expiresAt, now))")
        ]
    }

    private func time(_ claims: TokenClaims, _ place: String) -> [CheckFinding] {
        if let end = claims.date("exp"), end <= now {
            return [.fail(.token, "T01", "the token from \(place) expired \(EnvironmentCheck.age(end, now)) ago")]
        }
        if let start = claims.date("nbf"), start > now.addingTimeInterval(60) {
            return [
                .fail(
                    .token, "T10", "the token from \(place) begins to be valid in \(EnvironmentCheck.age(start, now))")
            ]
        }
        return []
    }

    private func audience(_ claims: TokenClaims, _ place: String) -> [CheckFinding] {
        guard let audience = claims["aud"], audience != Self.databaseApplication else { return [] }
        let wanted = connection.cloud.map { TokenRequest.postgres(in: $0).resource ?? "" } ?? request.resource ?? ""
        guard Self.bare(audience) != Self.bare(wanted) else { return [] }
        return [
            .fail(
                .token, "T03", "the token from \(place) is for \(audience), and the server wants \(wanted)",
                [.host: connection.host ?? "the server"])
        ]
    }

    private func directory(_ claims: TokenClaims, _ place: String) -> [CheckFinding] {
        if claims["oid"] == nil || claims["tid"] == nil {
            return [
                .fail(
                    .token, "T04", "the token from \(place) lacks the claim oid or tid",
                    tenant.map { [.tenant: $0] } ?? [:])
            ]
        }
        guard let tenant, let actual = claims["tid"], tenant.count == 36, actual.lowercased() != tenant.lowercased()
        else {
            return []
        }
        return [
            .warn(
                .token, "T11", "the token from \(place) is of directory \(actual), and \(tenant) was asked for",
                [.tenant: tenant])
        ]
    }

    private func role(_ token: AccessToken, _ claims: TokenClaims, _ place: String) -> [CheckFinding] {
        guard connection.isUserSaid, let user = connection.user else {
            guard let role = try? connection.roleNamed(by: token) else {
                return [.fail(.token, "R17", "no user is named, and no claim of the token from \(place) names one")]
            }
            return role.guess.map { [.warn(.token, "R17", $0).doubting(.principal)] } ?? []
        }
        return UserCheck(connection: connection, user: user, token: token, claims: claims, place: place).findings()
    }

    /// An audience without what may or may not stand at its end.
    private static func bare(_ audience: String) -> String {
        var text = audience.lowercased()
        while text.hasSuffix("/") { text.removeLast() }
        return text
    }
}
