import PostgresCredentials

/// Reads files that a program is delivered with as libpq would, and looks for what must not be in them.
package enum ConnectionChecker {
    /// Checks a file by what its name says it is: `….conninfo` holds a connection string a line, `…pg_service.conf` is a
    /// service file.
    package static func findings(in text: String, file: String) -> [ConnectionFinding] {
        file.hasSuffix("pg_service.conf") ? serviceFindings(text, file) : connectionFindings(text, file)
    }

    private static func connectionFindings(_ text: String, _ file: String) -> [ConnectionFinding] {
        lines(of: text).compactMap { number, line in
            guard !line.isEmpty, !line.hasPrefix("#") else { return nil }
            do throws(ConnectionInfoError) {
                let connection = try ConnectionInfo(line)
                let secrets = connection.keywords.filter(isSecret)
                guard let secret = secrets.first(where: { connection[$0]?.isEmpty == false }) else { return nil }
                return finding(file, number, secret)
            } catch {
                return ConnectionFinding(file: file, line: number, problem: "\(error)")
            }
        }
    }

    /// A section at a time, and a line at a time: one fault does not hide the next.
    private static func serviceFindings(_ text: String, _ file: String) -> [ConnectionFinding] {
        var findings: [ConnectionFinding] = []
        var sections: Set<String> = []
        var isInSection = false
        for (number, line) in lines(of: text) {
            func report(_ problem: String) {
                findings.append(ConnectionFinding(file: file, line: number, problem: problem))
            }
            if line.isEmpty || line.hasPrefix("#") { continue }
            if line.utf8.count > 1021 {
                report("the line is longer than the 1021 bytes libpq can read")
            } else if line.hasPrefix("[") {
                guard let end = line.firstIndex(of: "]"), line.index(after: line.startIndex) < end else {
                    report("the line is not the name of a service between brackets")
                    continue
                }
                isInSection = true
                if !sections.insert(String(line[..<end])).inserted {
                    report("a service of this name is above, and libpq would never read this one")
                }
            } else if !isInSection {
                report("the line is in no service")
            } else {
                // Refused by libpq like the rest, and said in words of its own.
                if line.hasPrefix("ldap") {
                    report("the line asks an LDAP server, which is not supported here")
                } else if line.hasPrefix("service=") {
                    report("the line refers to another service, which libpq does not follow")
                } else if let problem = settingProblem(line) {
                    report(problem)
                }
            }
        }
        return findings
    }

    private static func settingProblem(_ line: String) -> String? {
        guard let equals = line.firstIndex(of: "=") else { return "the line is not a keyword, = and a value" }
        let keyword = String(line[..<equals])
        var connection = ConnectionInfo()
        do throws(ConnectionInfoError) {
            try connection.set(String(line[line.index(after: equals)...]), for: keyword)
        } catch {
            return "\(error)"
        }
        return isSecret(keyword) && connection[keyword]?.isEmpty == false ? secretProblem(keyword) : nil
    }

    private static func isSecret(_ keyword: String) -> Bool { ConnectionKeyword.named(keyword)?.isSecret == true }

    private static func finding(_ file: String, _ line: Int, _ keyword: String) -> ConnectionFinding {
        ConnectionFinding(file: file, line: line, problem: secretProblem(keyword))
    }

    private static func secretProblem(_ keyword: String) -> String {
        "\(keyword) has a value; a file that is delivered holds no password"
    }

    private static func lines(of text: String) -> [(Int, String)] {
        text.split(separator: "\n", omittingEmptySubsequences: false).enumerated().map { index, line in
            let inner = line.drop { $0.isWhitespace }
            let end = inner.lastIndex { !$0.isWhitespace }.map(inner.index(after:)) ?? inner.endIndex
            return (index + 1, String(inner[..<end]))
        }
    }
}
