import FoundationEssentials
import Glibc
import KnownFailures
import PostgresCredentials
import TokenCredentials

/// Reads the password file as libpq does, and looks at the line that counts.
struct PasswordFileCheck {
    let connection: ConnectionInfo
    let environment: ProcessEnvironment
    let now: Date
    private let files = LocalFiles()

    init(_ connection: ConnectionInfo, _ environment: ProcessEnvironment, now: Date) {
        self.connection = connection
        self.environment = environment
        self.now = now
    }

    var path: String? { connection.passfile ?? PasswordFile.defaultPath(in: environment) }

    func findings() -> [CheckFinding] {
        guard let path else {
            return [.skip(.passwordFile, "there is no home directory, so there is no password file")]
        }
        let values: [Placeholder: String] = [.file: path]
        let contents: Data?
        do {
            contents = try files.contents(ofFile: path, limit: 1 << 26)
        } catch {
            let isNoFile = [.notARegularFile, .system(errno: EISDIR)].contains(error.reason)
            return [.fail(.passwordFile, isNoFile ? "L02" : "L03", "\(error)", values)]
        }
        guard let contents else { return [.skip(.passwordFile, "there is no password file \(path)")] }
        let file = PasswordFile(parsing: contents)
        if let mode = files.permissions(ofFile: path), mode & 0o077 != 0 {
            let octal = String(mode, radix: 8)
            return [.fail(.passwordFile, "L01", "\(path) has mode 0\(octal), and libpq ignores it", values)]
        }
        guard let login = connection.logins.first else {
            return [.skip(.passwordFile, "no user is known to look up in \(path)")]
        }
        let inspection = file.inspection(for: login)
        if let fault = inspection.encodingFault { return [.fail(.passwordFile, "L04", "\(path): \(fault)", values)] }
        return findings(inspection, path, login, values)
    }

    private func findings(
        _ inspection: PasswordFileInspection, _ path: String, _ login: Login, _ values: [Placeholder: String]
    ) -> [CheckFinding] {
        guard let first = inspection.matches.first else {
            guard inspection.entryCount > 0 else { return [.skip(.passwordFile, "\(path) has no entry")] }
            let near = inspection.nearest.map {
                "; line \($0.line) differs in \($0.differing.joined(separator: " and "))"
            }
            return [
                .warn(
                    .passwordFile, "L14",
                    "no line of \(path) matches \(login.user) at \(login.host):\(login.port)/\(login.database)\(near ?? "")",
                    values)
            ]
        }
        let end = Self.end(of: first.password)
        let later = inspection.matches.dropFirst().first { $0.password != first.password }
        if let later, !isGood(first.password), isGood(later.password) || WholeToken.claims(of: first.password) == nil {
            return [
                .fail(
                    .passwordFile, "L13",
                    "line \(first.line) of \(path)\(first.usesWildcard ? ", with its *," : "") comes before line "
                        + "\(later.line), and only the first line that matches counts", values)
            ]
        }
        if let end, end <= now {
            return [
                .fail(
                    .passwordFile, "T01",
                    "line \(first.line) of \(path) holds a token that expired \(EnvironmentCheck.age(end, now)) ago",
                    values,
                    remedy: "Write a new one with passgres pgpass, or keep it fresh with passgres keep.")
            ]
        }
        var findings: [CheckFinding] = []
        if let later {
            findings.append(
                .warn(.passwordFile, "L13", "line \(first.line) of \(path) hides line \(later.line)", values))
        }
        findings.append(
            .ok(.passwordFile, "line \(first.line) of \(path) matches" + (end == nil ? "" : " and is not expired")))
        return findings
    }

    private func isGood(_ password: String) -> Bool { Self.end(of: password).map { $0 > now } ?? false }

    private static func end(of password: String) -> Date? { WholeToken.claims(of: password)?.date("exp") }
}
