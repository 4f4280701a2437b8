/// What a password file says about one login, for diagnosis.
package struct PasswordFileInspection: Sendable {
    /// A line that libpq could take.
    package struct Match: Sendable {
        /// Its number, counted from 1.
        package let line: Int
        /// Whether a `*` made it match.
        package let usesWildcard: Bool
        /// Its password; whoever reads this handles a secret.
        package let password: String
    }

    /// A line that libpq passes over, though it is nearly right.
    package struct NearMiss: Sendable {
        /// Its number, counted from 1.
        package let line: Int
        /// The fields that differ: `host`, `port`, `database`, `user`.
        package let differing: [String]
    }

    /// The lines that match, in their order; the first one counts.
    package let matches: [Match]
    /// The line that differs least, if none matches.
    package let nearest: NearMiss?
    /// How many lines are entries.
    package let entryCount: Int
    /// What keeps the file from being the text it seems, in a few words; `nil` for plain text.
    package let encodingFault: String?
}

extension PasswordFile {
    /// Looks at every line with a login in mind.
    package func inspection(for login: Login) -> PasswordFileInspection {
        let names = ["host", "port", "database", "user"]
        var matches: [PasswordFileInspection.Match] = []
        var nearest: PasswordFileInspection.NearMiss?
        var entryCount = 0
        for (index, line) in lines.enumerated() {
            guard let fields = line.fields else { continue }
            entryCount += 1
            if let password = line.password(for: login.fields, usingWildcards: true) {
                matches.append(
                    .init(
                        line: index + 1,
                        usesWildcard: line.password(for: login.fields, usingWildcards: false) == nil,
                        password: String(decoding: password, as: UTF8.self)))
            } else {
                let differing = zip(names, zip(fields, login.fields)).filter { $1.0 != $1.1 && $1.0 != [0x2A] }.map(\.0)
                if differing.count < nearest?.differing.count ?? 3 {
                    nearest = .init(line: index + 1, differing: differing)
                }
            }
        }
        return PasswordFileInspection(
            matches: matches, nearest: matches.isEmpty ? nearest : nil, entryCount: entryCount,
            encodingFault: encodingFault)
    }

    private var encodingFault: String? {
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { return "it begins with a byte order mark" }
        if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) { return "it is UTF-16" }
        if bytes.prefix(4096).contains(0) { return "it holds zero bytes, as UTF-16 does" }
        return nil
    }
}
