import FoundationEssentials

extension PasswordFile {
    /// Puts several entries before all others, the first one first, and drops older ones for the same fields.
    ///
    /// Takes one pass over the file, however many entries there are. Throws ``PasswordFileError`` for what no entry can
    /// hold; the file is then unchanged.
    public mutating func setPasswords(_ entries: [PasswordEntry]) throws(PasswordFileError) {
        var fresh: [UInt8] = []
        var keys: Set<[UInt8]> = []
        var withColon: [[[UInt8]]] = []
        for entry in entries {
            let key = Self.key(of: entry)
            guard keys.insert(key.joined).inserted else { continue }
            fresh += try Self.line(for: entry).utf8
            fresh.append(Self.newline)
            if key.fields.contains(where: { $0.contains(UInt8(ascii: ":")) }) { withColon.append(key.fields) }
        }
        // Only the lines to be dropped are left out: what stands between two lines belongs to neither.
        var kept: [UInt8] = []
        var position = 0
        for line in lines where !line.isJoined {
            let isReplaced =
                line.canonicalKey.map(keys.contains) == true
                || withColon.contains { line.password(for: $0, usingWildcards: false) != nil }
            guard isReplaced else { continue }
            kept += bytes[position..<line.range.lowerBound]
            position = line.range.upperBound
        }
        kept += bytes[position...]
        bytes = fresh + kept
    }

    /// The line for an entry, without a newline.
    static func line(for entry: PasswordEntry) throws(PasswordFileError) -> String {
        switch entry.reach {
        case .database: try self.entry(for: entry.login, password: entry.password)
        case .anyDatabase: try entryForAnyDatabase(of: entry.login, password: entry.password)
        }
    }

    /// Whether libpq would find exactly these passwords: for each login, the first line that matches has it.
    public func holds(_ entries: [PasswordEntry]) -> Bool {
        var missing: [[UInt8]: PasswordEntry] = [:]
        for entry in entries { missing[Self.key(of: entry).joined] = entry }
        for line in lines {
            var matches: [[UInt8]] = []
            if let key = line.canonicalKey, missing[key] != nil {
                matches = [key]
            } else if line.mayMatchOthers {
                matches = missing.filter { line.password(for: $0.value.login.fields, usingWildcards: true) != nil }
                    .map(\.key)
            }
            for key in matches {
                guard let entry = missing.removeValue(forKey: key),
                    line.password(for: Self.key(of: entry).fields, usingWildcards: true) == Array(entry.password.utf8)
                else { return false }
            }
            if missing.isEmpty { return true }
        }
        return missing.isEmpty
    }

    /// The four fields an entry is found by; a wildcard, which is written without a backslash, is one byte that no
    /// field consists of once it is read.
    private static func key(of entry: PasswordEntry) -> (fields: [[UInt8]], joined: [UInt8]) {
        var fields = entry.login.fields
        let isForAll = entry.reach == .anyDatabase
        if isForAll { fields[2] = [UInt8(ascii: "*")] }
        return (fields, PasswordLine.joined(fields, wildcards: [false, false, isForAll, false]))
    }
}
