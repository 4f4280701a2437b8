public import TokenCredentials

/// A section of a connection service file, as text.
///
/// Never holds a password: a token is longer than a line may be. Let `passfile` name the file that has it.
public struct ServiceSection: Sendable {
    /// The section, with a newline at its end.
    public let text: String

    /// Writes a connection as a service.
    ///
    /// What a variable says and an older library may not know is left out, as in ``ConnectionInfo/conninfo``: the
    /// library ignores the variable, and refuses the whole section for the line. The lines have no quoting. Throws
    /// ``ServiceSectionError`` for a name or value they cannot say, and for a line longer than the library reads: 253
    /// bytes before version 14, 1,021 since.
    public init(
        named name: String, _ connection: ConnectionInfo, targeting version: LibpqVersion = .oldest
    ) throws(ServiceSectionError) {
        try self.init(named: name, connection.withoutSecrets, connection.withoutSecrets.written, version)
    }

    /// Writes nothing but the secrets of a connection, as a service that is its reader's alone and lasts for one run.
    ///
    /// Throws as the other initializer does.
    package init(
        named name: String, secretsOf connection: ConnectionInfo, targeting version: LibpqVersion = .oldest
    ) throws(ServiceSectionError) {
        let others = Set(connection.withoutSecrets.keywords)
        try self.init(named: name, connection, connection.keywords.filter { !others.contains($0) }, version)
    }

    private init(
        named name: String, _ connection: ConnectionInfo, _ keywords: [String], _ version: LibpqVersion
    ) throws(ServiceSectionError) {
        guard !name.isEmpty, !name.utf8.contains(where: { $0 == 0 || $0 == 10 || $0 == 13 || $0 == UInt8(ascii: "]") })
        else { throw ServiceSectionError(keyword: nil, reason: .cannotBeSaid) }
        var lines: [(keyword: String?, text: String)] = [(nil, "[\(name)]")]
        for keyword in keywords where keyword != "service" {
            guard let value = connection[keyword] else { continue }
            guard !value.utf8.contains(where: { $0 == 0 || $0 == 10 }), value.utf8.first.map(isSpace) != true,
                value.utf8.last.map(isSpace) != true
            else { throw ServiceSectionError(keyword: keyword, reason: .cannotBeSaid) }
            lines.append((keyword, "\(keyword)=\(value)"))
        }
        let limit = version.longestServiceLine
        for line in lines where line.text.utf8.count > limit {
            throw ServiceSectionError(keyword: line.keyword, reason: .tooLong(limit: limit))
        }
        text = lines.map { $0.text + "\n" }.joined()
    }
}

extension ConnectionInfo {
    /// A name for the connection as a service, such as `api@db.example:5433/orders`: another connection has another.
    ///
    /// The usual port is left out, and so is what a section's name cannot hold.
    public var serviceName: String {
        var name = user.map { $0 + "@" } ?? ""
        name += host.flatMap { $0.isEmpty ? nil : $0 } ?? self["hostaddr"] ?? "localhost"
        if let port, !port.isEmpty, port != "5432" { name += ":" + port }
        if let database, !database.isEmpty { name += "/" + database }
        return String(String.UnicodeScalarView(name.unicodeScalars.filter { $0.value >= 0x20 && $0 != "]" }))
    }

    /// Whether a service file that libpq would read here has a section of that name.
    public func isServiceDefined(
        _ name: String, in environment: ProcessEnvironment, files: any FileAccess = LocalFiles()
    ) -> Bool {
        var reference = ConnectionInfo()
        reference["service"] = name
        do {
            _ = try reference.resolved(in: environment, files: files)
            return true
        } catch let error as ServiceFileError {
            // A section whose lines are wrong is there all the same.
            return error.reason != .noSuchService && error.reason != .missing
        } catch {
            return false
        }
    }
}

extension LibpqVersion {
    /// The longest line of a service file that this version reads, in bytes without the newline.
    public var longestServiceLine: Int { self >= 14 ? 1_021 : 253 }

    /// The longest line of a password file that this version reads, in bytes without the newline; `nil` for any.
    public var longestPasswordLine: Int? { self >= 13 ? nil : 318 }
}

/// Why a connection cannot be a section of a service file.
///
/// Never quotes a value.
public struct ServiceSectionError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is wrong.
    @nonexhaustive
    public enum Reason: Hashable, Sendable {
        /// It has a line end or a zero byte, or blanks at its ends, which are lost there.
        case cannotBeSaid
        /// Its line is longer than the library reads.
        case tooLong(limit: Int)
    }

    /// The keyword whose value is meant; `nil` for the section's name.
    public let keyword: String?
    /// What is wrong.
    public let reason: Reason

    /// One sentence with the keyword and the limit.
    public var description: String {
        let what = keyword.map { "this \($0)" } ?? "a section of this name"
        return switch reason {
        case .cannotBeSaid:
            "a service file cannot hold \(what): blanks at its ends and line ends are lost there"
        case .tooLong(let limit): "a service file cannot hold \(what): a line takes \(limit) bytes"
        }
    }
}
