public import FoundationEssentials
import Glibc

/// A libpq password file.
///
/// Keeps every byte it does not have to change, whatever it means.
public struct PasswordFile: Sendable {
    static let newline = UInt8(ascii: "\n")
    var bytes: [UInt8]

    /// Takes the contents of a file as they are.
    public init(parsing contents: Data) {
        bytes = Array(contents)
    }

    /// Takes the contents of a file as they are.
    public init(parsing text: String = "") {
        bytes = Array(text.utf8)
    }

    /// What the file shall hold.
    ///
    /// Whoever reads this handles secrets.
    public var contents: Data { Data(bytes) }

    /// The password libpq would use: that of the first line that matches, where a field `*` matches anything.
    ///
    /// `nil` if no line matches, if the one that does has no password, and if its password is not UTF-8.
    public func password(for login: Login) -> String? {
        guard !login.database.isEmpty, !login.user.isEmpty else { return nil }
        for line in lines {
            guard let password = line.password(for: login.fields, usingWildcards: true) else { continue }
            return password.isEmpty ? nil : String(validating: password, as: UTF8.self)
        }
        return nil
    }

    /// Puts an entry before all others, where it is found first, and drops older ones for exactly the same four fields.
    ///
    /// Throws ``PasswordFileError`` for what no entry can hold; the file is then unchanged.
    public mutating func setPassword(_ password: String, for login: Login) throws(PasswordFileError) {
        let entry = try Self.entry(for: login, password: password)
        removePassword(for: login)
        bytes = Array(entry.utf8) + [Self.newline] + bytes
    }

    /// Drops the entries for exactly these four fields, however they are escaped.
    ///
    /// Entries with a `*` stay.
    public mutating func removePassword(for login: Login) {
        let fields = login.fields
        let doomed = lines.filter { !$0.isJoined && $0.password(for: fields, usingWildcards: false) != nil }
        for line in doomed.reversed() { bytes.removeSubrange(line.range) }
    }

    /// The line for a login, without a newline.
    ///
    /// Holds the password.
    ///
    /// Throws ``PasswordFileError`` for an empty part, a newline or zero byte anywhere, and a password that ends in a
    /// carriage return.
    public static func entry(for login: Login, password: String) throws(PasswordFileError) -> String {
        try entry(for: login, database: nil, password: password)
    }

    /// The same line with `*` for the database, so that it serves every database of that server.
    ///
    /// For a file that one program reads and that changes databases, as psql's `\c` and the dump tools do.
    public static func entryForAnyDatabase(of login: Login, password: String) throws(PasswordFileError) -> String {
        try entry(for: login, database: [UInt8(ascii: "*")], password: password)
    }

    private static func entry(
        for login: Login, database wildcard: [UInt8]?, password: String
    ) throws(PasswordFileError) -> String {
        let parts = login.fields + [Array(password.utf8)]
        for (field, part) in zip(PasswordFileError.Field.allCases, parts) {
            if part.isEmpty { throw PasswordFileError(field: field, reason: .empty) }
            if part.contains(newline) { throw PasswordFileError(field: field, reason: .newline) }
            if part.contains(0) { throw PasswordFileError(field: field, reason: .nul) }
        }
        if parts.last?.last == UInt8(ascii: "\r") {
            throw PasswordFileError(field: .password, reason: .trailingCarriageReturn)
        }
        var line = Array(
            parts.enumerated().map { index, part in
                index == 2 ? wildcard ?? escaped(part, isField: true) : escaped(part, isField: index < 4)
            }
            .joined(separator: [UInt8(ascii: ":")]))
        if line.first == UInt8(ascii: "#") { line.insert(UInt8(ascii: "\\"), at: 0) }
        return String(decoding: line, as: UTF8.self)
    }

    private static func escaped(_ part: [UInt8], isField: Bool) -> [UInt8] {
        let backslash = UInt8(ascii: "\\")
        if isField, part == [UInt8(ascii: "*")] { return [backslash] + part }
        // A token has neither, and may be one of thousands.
        guard part.contains(backslash) || part.contains(UInt8(ascii: ":")) else { return part }
        return part.flatMap { $0 == backslash || $0 == UInt8(ascii: ":") ? [backslash, $0] : [$0] }
    }

    /// The lines as libpq sees them: it loses what follows a zero byte, newline and all, and so joins two lines.
    var lines: [PasswordLine] {
        var lines: [PasswordLine] = []
        var start = 0
        var kept: [UInt8] = []
        var isJoined = false
        let hasZeroBytes = bytes.contains(0)
        while start < bytes.count {
            let end = endOfLine(from: start)
            let raw = bytes[start..<end]
            guard hasZeroBytes else {
                lines.append(PasswordLine(raw, range: start..<end, isJoined: false))
                start = end
                continue
            }
            let seen = raw.prefix { $0 != 0 }
            let isCut = seen.count < raw.count
            kept += seen
            if isCut, end < bytes.count || raw.last == Self.newline {
                isJoined = true
            } else {
                lines.append(PasswordLine(kept[...], range: start..<end, isJoined: isJoined || isCut))
                kept = []
                isJoined = false
            }
            start = end
        }
        return lines
    }

    /// The place after the newline that ends a line, or the end of the file.
    private func endOfLine(from start: Int) -> Int {
        bytes.withUnsafeBytes { buffer in
            guard let base = buffer.baseAddress,
                let found = memchr(base + start, Int32(Self.newline), buffer.count - start)
            else { return buffer.count }
            return UnsafeRawPointer(found) - base + 1
        }
    }
}

extension PasswordFile: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The length in bytes, and nothing of the contents.
    public var description: String { "PasswordFile(\(bytes.count) bytes)" }

    /// The same as ``description``.
    public var debugDescription: String { description }

    /// What `dump` and a debugger may show: the length.
    public var customMirror: Mirror { Mirror(self, children: ["bytes": bytes.count], displayStyle: .struct) }
}
