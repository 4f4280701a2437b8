import FoundationEssentials
public import TokenCredentials

/// A password file on disk, which clients find new passwords in at their next connection.
///
/// The file is replaced in one step and is its owner's alone (mode 0600), also where it was not before: libpq ignores
/// a password file that others may read. Several writers take turns and lose nothing of each other.
public struct PasswordFileDestination: PasswordSetDestination {
    private static let limit = 1 << 26
    /// The file; a symbolic link is followed.
    public let path: String
    /// The oldest libpq that reads it.
    public let version: LibpqVersion
    /// For whom it is written, and which directories others may write to.
    public let trust: FileTrust
    private let files: any FileAccess

    /// Names a file, which need not exist; its directory must.
    ///
    /// Libraries before version 13 cut a line at 319 bytes, and send what is left of a token: for them, entries that
    /// are longer are refused.
    public init(
        path: String, readBy version: LibpqVersion = 13, trusting trust: FileTrust = FileTrust(),
        files: any FileAccess = LocalFiles()
    ) {
        self.path = path
        self.version = version
        self.trust = trust
        self.files = files
    }

    /// A word for reports.
    public var kind: String { "password-file" }

    /// Puts the same password in place for several logins, such as ``ConnectionInfo/logins``, in one step.
    public func store(_ password: String, for logins: [Login]) async throws {
        try await store(logins.map { PasswordEntry($0, password: password) })
    }

    /// Puts several entries in place in one step, the first one first; see ``PasswordFile/setPasswords(_:)``.
    ///
    /// Throws ``PasswordFileError`` for what an entry cannot hold, ``DestinationError`` for a line that its reader would
    /// cut, and `FileError`; the old file is then whole.
    public func store(_ entries: [PasswordEntry]) async throws {
        try checkLengths(of: entries)
        try await change { file in try file.setPasswords(entries) }
    }

    /// Whether libpq would find these passwords now: see ``PasswordFile/holds(_:)``; a file open to others is ignored.
    public func holds(_ entries: [PasswordEntry]) async -> Bool {
        await onOwnThread { [path, files] () -> Bool in
            if let mode = files.permissions(ofFile: path), mode & 0o077 != 0 { return false }
            guard let old = try? files.contents(ofFile: path, limit: Self.limit) else { return false }
            return PasswordFile(parsing: old).holds(entries)
        }
    }

    /// Drops the entries for a login; does nothing if there is no file.
    public func removePassword(for login: Login) async throws {
        try await change(creating: false) { file in file.removePassword(for: login) }
    }

    /// What is wrong with the file as it is now, as a sentence; `nil` if nothing is.
    ///
    /// Storing puts it right.
    public func concern() async -> String? {
        await onOwnThread { [path, files] () -> String? in
            guard let mode = files.permissions(ofFile: path), mode & 0o077 != 0 else { return nil }
            let octal = String(mode, radix: 8)
            return "\(path) could be read or written by others (mode 0\(octal)), and libpq ignores such a password file"
        }
    }

    private func checkLengths(of entries: [PasswordEntry]) throws {
        guard let limit = version.longestPasswordLine else { return }
        for entry in entries {
            let length = try PasswordFile.line(for: entry).utf8.count
            guard length <= limit else {
                throw DestinationError(
                    "the line for \(entry.login.user) has \(length) bytes; libpq \(version.major) reads \(limit) of it and"
                        + " sends a part of the password",
                    remedy: "Let the client load libpq 13 or later.")
            }
        }
    }

    private func change(
        creating: Bool = true, _ change: @escaping @Sendable (inout PasswordFile) throws -> Void
    ) async throws {
        try await onOwnThread { [path, trust, files] () throws -> Void in
            try files.replaceFile(at: path, limit: Self.limit, trusting: trust) { old in
                guard creating || old != nil else { return nil }
                var file = PasswordFile(parsing: old ?? Data())
                try change(&file)
                return file.contents
            }
        }
    }
}

extension PasswordFile {
    /// The file libpq reads where no other is named: that of `PGPASSFILE`, else `.pgpass` in the home directory.
    ///
    /// The home directory is that of `HOME`, or, if it is unset, of the system's list of users; `nil` if that has none.
    public static func defaultPath(in environment: ProcessEnvironment) -> String? {
        defaultPath(in: environment, account: .current)
    }

    static func defaultPath(in environment: ProcessEnvironment, account: SystemAccount) -> String? {
        environment["PGPASSFILE"] ?? account.home(in: environment).map { $0 + "/.pgpass" }
    }
}
