import FoundationEssentials
public import TokenCredentials

/// A directory with one file per value, as Kubernetes and systemd hand credentials to programs.
///
/// Holds `type`, `host`, `port`, `database`, `username`, `user` and `password` of one login, without a newline at their
/// ends. Each is a link into one directory, and all change in one step: by the link to that directory, as in a volume
/// that Kubernetes keeps.
public struct CredentialDirectory: PasswordSetDestination {
    /// The directory, which must exist: where a volume is mounted, nobody else can make it.
    public let path: String
    /// For whom it is written, and which directories others may write to.
    public let trust: FileTrust

    /// Names a directory.
    public init(path: String, trusting trust: FileTrust = FileTrust()) {
        self.path = path
        self.trust = trust
    }

    /// A word for reports.
    public var kind: String { "credential-directory" }

    /// Puts the values of one login in place, in one step.
    ///
    /// Throws ``DestinationError`` for more than one login and for values that are empty or not on one line, and
    /// `FileError`; the old values are then whole.
    public func store(_ entries: [PasswordEntry]) async throws {
        let values = try Self.values(of: entries)
        try await onOwnThread { [path, trust] () throws -> Void in
            try LinkedDirectory(path, trusting: trust).replaceContents(values.mapValues { Data($0.utf8) })
        }
    }

    /// Whether a reader would find these values now.
    public func holds(_ entries: [PasswordEntry]) async -> Bool {
        guard let values = try? Self.values(of: entries) else { return false }
        return await onOwnThread { [path] () -> Bool in
            values.allSatisfy { name, value in
                let found = try? LocalFiles().contents(ofFile: "\(path)/\(name)", limit: 1 << 20)
                return found.map { $0.elementsEqual(value.utf8) } ?? false
            }
        }
    }

    private static func values(of entries: [PasswordEntry]) throws(DestinationError) -> [String: String] {
        guard let entry = entries.first, entries.allSatisfy({ $0 == entry }) else {
            throw DestinationError(
                "a credential directory holds one login, and there are \(entries.count)",
                remedy: "Give each login a directory of its own.")
        }
        let login = entry.login
        let values = [
            "type": "postgresql", "host": login.host, "port": login.port, "database": login.database,
            "username": login.user, "user": login.user, "password": entry.password,
        ]
        for (name, value) in values {
            guard !value.isEmpty, !value.utf8.contains(where: { $0 == 0 || $0 == 10 || $0 == 13 }) else {
                throw DestinationError("the \(name) is empty or not on one line, which readers of such files cut")
            }
        }
        // systemd takes a megabyte for all credentials of a unit, and so does Kubernetes for a secret.
        guard values.values.reduce(0, { $0 + $1.utf8.count }) <= 1 << 20 else {
            throw DestinationError("the values are longer than the 1048576 bytes that a credential may have")
        }
        return values
    }
}
