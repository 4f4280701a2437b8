import FoundationEssentials
import PostgresCredentials
import TokenCredentials

/// What a token that was handed in says of itself, and what it fits: all but the token.
struct TokenReport {
    let pasted: PastedToken
    let connection: ConnectionInfo
    /// What is wrong with it for that connection.
    let findings: [CheckFinding]
    let now: Date

    /// Compares the token with a connection and with what would be asked for it; asks nobody.
    init(_ pasted: PastedToken, for connection: ConnectionInfo, _ request: TokenRequest, tenant: String?, now: Date) {
        self.pasted = pasted
        self.connection = connection
        self.now = now
        findings = TokenCheck(connection: connection, request: request, tenant: tenant, now: now)
            .findings(for: pasted.token, from: "the input").filter { $0.outcome != .ok }
    }

    private var end: Date? { pasted.claims.date("exp") }
    private var hasExpired: Bool { end.map { $0 <= now } ?? false }

    /// Whose it is, by the claims in which a person's and an application's tokens differ.
    private var isApplications: Bool {
        let claims = pasted.claims
        if let kind = claims["idtyp"] { return kind == "app" }
        return claims["upn"] == nil && claims["scp"] == nil && (claims["appid"] ?? claims["azp"]) != nil
    }

    /// How many groups it lists; `nil` if none, or if they are too many to be listed.
    private var groupCount: Int? {
        guard case .array(let groups)? = pasted.claims.values["groups"] else { return nil }
        return groups.count
    }

    private var audience: String? {
        if case .array(let values)? = pasted.claims.values["aud"] { return values.first?.text }
        return pasted.claims["aud"]
    }

    /// The role that it names, and how that is known or why it is not.
    private var role: (name: String?, reason: String) {
        do throws(RoleNameError) {
            let role = try connection.role(for: pasted.token)
            return (role.name, role.reason)
        } catch {
            return (nil, "\(error)" + (error.hint.map { ". " + $0 } ?? ""))
        }
    }

    /// The report for a person.
    var lines: [String] {
        let size = "\(pasted.token.secret.utf8.count) bytes"
        var lines: [String] = []
        if let end {
            let age = EnvironmentCheck.age(end, now)
            let time = hasExpired ? "expired \(age) ago" : "good for \(age)"
            lines.append("token: \(time), until \(end.ISO8601Format()), \(size)")
        } else {
            lines.append("token: does not say when it ends, \(size)")
        }
        lines.append("for: \(audience?.printable ?? "nobody in particular")")
        lines.append("of: \(isApplications ? "an application or a managed identity" : "a person")\(groups)")
        lines.append("user: \(role.name.map { $0.printable + ", because " } ?? "")\(role.reason)")
        for finding in findings {
            let remedy = finding.remedy.map { "  -> \($0)" } ?? ""
            lines.append(
                "\(finding.outcome == .fail ? "FAIL" : finding.outcome.rawValue)  \(finding.code ?? "-")  \(finding.text)\(remedy)"
            )
        }
        return lines + ExplainCommand.lines(of: pasted.claims)
    }

    private var groups: String {
        if let groupCount { return ", in \(groupCount) groups, the role of each of which fits too" }
        let hasMore = pasted.claims.values["hasgroups"] != nil || pasted.claims.values["_claim_names"] != nil
        return hasMore ? ", in more groups than the token lists" : ""
    }

    /// The report for a program.
    var document: JSONValue {
        .object([
            "token": .object([
                "audience": JSONValue(audience), "bytes": .number(Double(pasted.token.secret.utf8.count)),
                "claims": .object(pasted.claims.values), "expiresOn": JSONValue(end?.ISO8601Format()),
                "expired": .bool(hasExpired), "owner": .string(isApplications ? "application" : "person"),
                "user": JSONValue(role.name), "userReason": .string(role.reason),
            ]),
            "checks": .array(
                findings.map { finding in
                    .object([
                        "code": JSONValue(finding.code), "outcome": .string(finding.outcome.rawValue),
                        "finding": .string(finding.text), "remedy": JSONValue(finding.remedy),
                    ])
                }),
        ])
    }
}
