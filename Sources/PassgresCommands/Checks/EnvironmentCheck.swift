import FoundationEssentials
import KnownFailures
import PostgresCredentials
import TokenCredentials

/// Looks for variables that decide about connection or password behind the reader's back.
struct EnvironmentCheck {
    let environment: ProcessEnvironment
    let connection: ConnectionInfo
    let now: Date

    func findings() -> [CheckFinding] {
        let findings = password() + overrides() + methods() + credentials()
        return findings.isEmpty ? [.ok(.environment, "no variable overrides connection or password")] : findings
    }

    private func password() -> [CheckFinding] {
        guard let password = environment["PGPASSWORD"] else { return [] }
        guard let claims = WholeToken.claims(of: password) else {
            if WholeToken.isTorn(password) {
                return [
                    .fail(
                        .environment, "T02", "PGPASSWORD holds a token with something else around it, or a part of one",
                        remedy: "Run unset PGPASSWORD, and connect with passgres psql.")
                ]
            }
            return [.fail(.environment, "L09", "PGPASSWORD is set to something that is no token, and libpq sends it")]
        }
        let warning = CheckFinding.warn(.environment, "L09", "PGPASSWORD is set; libpq looks at no password file")
        guard let end = claims.date("exp"), end <= now else { return [warning] }
        return [
            .fail(
                .environment, "T01", "PGPASSWORD holds a token that expired \(Self.age(end, now)) ago",
                remedy: "Run unset PGPASSWORD, and connect with passgres psql.")
        ]
    }

    private func overrides() -> [CheckFinding] {
        var findings: [CheckFinding] = []
        if let service = environment["PGSERVICE"] {
            findings.append(
                .warn(.environment, "L22", "PGSERVICE is set: the service \(quoted(service)) fills in the connection"))
        }
        if connection.origin(of: "hostaddr") == .environment, let address = connection["hostaddr"], !address.isEmpty {
            findings.append(.warn(.environment, "L10", "PGHOSTADDR is set: the connection goes to \(address)"))
        }
        return findings
    }

    /// Settings that refuse to send a token as a password.
    private func methods() -> [CheckFinding] {
        var findings: [CheckFinding] = []
        for warning in connection.warnings() {
            if warning.hasPrefix("require_auth") {
                findings.append(.fail(.environment, "L11", warning))
            } else if warning.hasPrefix("channel_binding") {
                findings.append(.fail(.environment, "L12", warning))
            }
        }
        return findings
    }

    /// Variables of a credential that are set by half.
    private func credentials() -> [CheckFinding] {
        let needed = ["AZURE_CLIENT_ID", "AZURE_TENANT_ID"]
        let proofs = [
            "AZURE_FEDERATED_TOKEN_FILE", "AZURE_CLIENT_SECRET", "PASSGRES_CLIENT_SECRET_NAME",
            "PASSGRES_CLIENT_SECRET_FILE", "AZURE_CLIENT_CERTIFICATE_PATH",
        ]
        for proof in proofs {
            guard environment[proof] != nil else { continue }
            let missing = needed.filter { environment[$0] == nil }
            if !missing.isEmpty {
                let names = missing.joined(separator: " and ")
                return [
                    .fail(
                        .environment, "E25", "\(proof) is set, and \(names) \(missing.count == 1 ? "is" : "are") not",
                        [.variable: names])
                ]
            }
        }
        return federatedToken()
    }

    private func federatedToken() -> [CheckFinding] {
        guard let path = environment["AZURE_FEDERATED_TOKEN_FILE"] else { return [] }
        let contents = try? LocalFiles().contents(ofFile: path, limit: 1 << 16)
        guard let contents, !contents.isEmpty else {
            return [
                .fail(
                    .environment, "E25", "AZURE_FEDERATED_TOKEN_FILE names \(path), which is not there, or empty",
                    [.variable: "AZURE_FEDERATED_TOKEN_FILE"])
            ]
        }
        let text = String(decoding: contents.withoutByteOrderMark, as: UTF8.self).trimmed
        if let end = TokenClaims(token: text)?.date("exp"), end <= now {
            return [.fail(.environment, "E04", "the federated token in \(path) expired \(Self.age(end, now)) ago")]
        }
        return []
    }

    /// How long ago something was, in words.
    static func age(_ date: Date, _ now: Date) -> String {
        let seconds = Int(now.timeIntervalSince(date).magnitude)
        return switch seconds {
        case ..<120: "\(seconds) s"
        case ..<7_200: "\(seconds / 60) min"
        case ..<172_800: "\(seconds / 3_600) h"
        default: "\(seconds / 86_400) days"
        }
    }
}
