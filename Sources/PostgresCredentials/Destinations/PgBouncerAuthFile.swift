import FoundationEssentials
import Glibc
public import TokenCredentials

/// The file PgBouncer takes the passwords of its users from (`auth_file`), which it reads again when told to.
///
/// Keeps every line it does not have to change. The file is found by user name alone: two logins of one user need the
/// same password.
public struct PgBouncerAuthFile: PasswordSetDestination {
    private static let limit = 1 << 26
    /// The file; a symbolic link is followed.
    public let path: String
    /// The version that reads it; `nil` for that which PgBouncer says, and the one assumed where it says none.
    public let version: PgBouncerVersion?
    /// For whom it is written, and which directories others may write to.
    public let trust: FileTrust
    let reload: (any PgBouncerReload)?
    private let files: any FileAccess

    /// Names a file, which need not exist; its directory must.
    ///
    /// Without a way to tell it, PgBouncer goes on with the passwords it has read. Root has to say whom the file is
    /// written for, unless the way to tell PgBouncer knows the user it runs as.
    public init(
        path: String, readBy version: PgBouncerVersion? = nil, reloadingBy reload: (any PgBouncerReload)? = nil,
        trusting trust: FileTrust = FileTrust(), files: any FileAccess = LocalFiles()
    ) {
        self.path = path
        self.version = version
        self.trust = trust
        self.reload = reload
        self.files = files
    }

    /// A word for reports.
    public var kind: String { "pgbouncer-auth-file" }

    /// Puts the entries before all others, and tells PgBouncer.
    ///
    /// Throws ``DestinationError`` for what PgBouncer could not read back, with the limit, and where it cannot be told,
    /// though the file is written; `FileError` where the file cannot be written, which then is whole.
    public func store(_ entries: [PasswordEntry]) async throws {
        let passwords = try await checked(entries)
        let trust = try await trustOfReader()
        try await onOwnThread { [path, files] () throws -> Void in
            let isInOrder = FileReader(trust.owner ?? geteuid()).ownsAlone(path)
            try files.replaceFile(at: path, limit: Self.limit, trusting: trust) { old in
                var text = PgBouncerAuthText(old ?? Data())
                text.set(passwords)
                return text.contents == old && isInOrder ? nil : text.contents
            }
        }
        guard let reload else { return }
        do {
            // Whoever ends now does not leave PgBouncer with a password that the file no longer holds.
            try await Task { try await reload.reload() }.value
        } catch let error as DestinationError {
            throw DestinationError(
                "\(path) holds the password, and PgBouncer could not be told: \(error.problem)", remedy: error.remedy,
                isStored: true)
        }
    }

    /// Whether PgBouncer would find these passwords if it read the file now, and nobody else could.
    public func holds(_ entries: [PasswordEntry]) async -> Bool {
        guard let trust = try? await trustOfReader() else { return false }
        return await onOwnThread { [path, files] () -> Bool in
            guard FileReader(trust.owner ?? geteuid()).ownsAlone(path) else { return false }
            guard let old = try? files.contents(ofFile: path, limit: Self.limit) else { return false }
            let text = PgBouncerAuthText(old)
            return entries.allSatisfy { text.password(of: $0.login.user) == Array($0.password.utf8) }
        }
    }

    private func checked(_ entries: [PasswordEntry]) async throws -> [(user: String, password: String)] {
        var (said, silence) = (version, DestinationError?.none)
        if said == nil {
            do {
                said = try await reload?.version()
            } catch let error as DestinationError {
                silence = error
            }
        }
        do throws(DestinationError) {
            return try checked(entries, for: said ?? .assumed)
        } catch {
            guard let silence else { throw error }
            throw DestinationError(
                "\(error.problem). It could not be asked for its version: \(silence.problem)", remedy: error.remedy)
        }
    }

    private func checked(
        _ entries: [PasswordEntry], for version: PgBouncerVersion
    ) throws(DestinationError) -> [(user: String, password: String)] {
        var passwords: [String: String] = [:]
        var order: [String] = []
        for entry in entries {
            let user = entry.login.user
            if let other = passwords[user] {
                guard other.utf8.elementsEqual(entry.password.utf8) else {
                    throw DestinationError(
                        "an auth file holds one password for a user, and \(shown(user)) has two",
                        remedy: "Give each identity a PgBouncer, or an auth file, of its own.")
                }
                continue
            }
            try check(user, "user name", longest: version.longestUser, for: version)
            try check(entry.password, "password", longest: version.longestPassword, for: version)
            passwords[user] = entry.password
            order.append(user)
        }
        return order.map { ($0, passwords[$0] ?? "") }
    }

    private func check(
        _ text: String, _ what: String, longest: Int, for version: PgBouncerVersion
    ) throws(DestinationError) {
        guard !text.isEmpty, !text.utf8.contains(where: { $0 == 0 || $0 == 10 || $0 == 13 }) else {
            throw DestinationError("the \(what) is empty or not on one line, and no auth file can hold it")
        }
        let length = PgBouncerAuthText.quoted(text).count - 2
        guard length <= longest else {
            throw DestinationError(
                "the \(what) has \(length) bytes; PgBouncer \(version) takes \(longest) and reads nothing after it",
                remedy: version < PgBouncerVersion(1, 26)
                    ? "Use PgBouncer 1.26, which takes \(PgBouncerVersion(1, 26).longestPassword), connect past it, or use"
                        + " an identity with a shorter token, in fewer groups."
                    : "Connect past PgBouncer, or use an identity with a shorter token, in fewer groups.")
        }
    }

    private func shown(_ user: String) -> String { "\"\(user.prefix(63))\"" }
}
