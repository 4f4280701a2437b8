import FoundationEssentials
import Glibc
public import TokenCredentials

/// The directory in which the processes of one user share tokens.
///
/// Its owner's alone (mode 0700), or not used at all.
public struct SharedTokenDirectory: Hashable, Sendable {
    /// Why a directory is not used.
    public struct Refusal: Error, Hashable, Sendable, CustomStringConvertible {
        /// One sentence, lower-case and without a full stop.
        public let description: String
    }

    /// Where it is.
    public let path: String

    /// Names a directory.
    ///
    /// It is made, with mode 0700, when something is first kept in it.
    public init(_ path: String) {
        self.path = path
    }

    /// The usual place: `passgres/tokens` in `XDG_RUNTIME_DIR`; where that is not set or no directory, one named for the
    /// user in the directory for temporary files.
    ///
    /// Nothing is made: `XDG_RUNTIME_DIR` is the system's to make. A directory for temporary files belongs to everybody, so what is found there under
    /// the user's name may be somebody else's: it is used only if it turns out to be a directory, no link, ours and closed
    /// to others, and if nobody else can put another in its place.
    public static func standard(environment: ProcessEnvironment = .current) -> SharedTokenDirectory {
        if let base = environment["XDG_RUNTIME_DIR"], base.hasPrefix("/"), isDirectory(base) {
            return SharedTokenDirectory(base + "/passgres/tokens")
        }
        let base = environment["TMPDIR"].flatMap { $0.hasPrefix("/") ? $0 : nil } ?? "/tmp"
        return SharedTokenDirectory("\(base)/passgres-\(geteuid())/tokens")
    }

    private static func isDirectory(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    /// The tokens kept here that have not ended, without the tokens themselves, sorted by credential and end.
    ///
    /// Throws ``Refusal`` for a directory that is not private. One that does not exist holds nothing.
    public func tokens(clock: any WallClock = SystemClock()) async throws(Refusal) -> [SharedToken] {
        guard isThere else { return [] }
        let now = clock.now
        @Sendable func list() throws(Refusal) -> [SharedToken] {
            let folder = try PrivateFolder(path)
            return folder.names.compactMap { name -> SharedToken? in
                guard name.hasSuffix(EntryKey.entrySuffix), let entry = TokenEntry(in: folder, name, now: now),
                    entry.key.entryName == name, entry.expiresAt > now
                else { return nil }
                return SharedToken(entry)
            }.sorted { ($0.credential, $0.expiresAt) < ($1.credential, $1.expiresAt) }
        }
        return try await onOwnThread(list)
    }

    /// Forgets every token kept here, damaged ones too.
    ///
    /// Returns how many there were.
    ///
    /// Throws ``Refusal`` for a directory that is not private, or where one could not be removed.
    @discardableResult
    public func forget() async throws(Refusal) -> Int {
        guard isThere else { return 0 }
        @Sendable func remove() throws(Refusal) -> Int {
            let folder = try PrivateFolder(path)
            var count = 0
            for name in folder.names where !name.hasSuffix(EntryKey.lockSuffix) {
                guard folder.remove(name) else {
                    throw Refusal(description: "\(path)/\(name) could not be removed: \(SystemError.text(of: errno))")
                }
                if name.hasSuffix(EntryKey.entrySuffix) { count += 1 }
            }
            return count
        }
        return try await onOwnThread(remove)
    }

    private var isThere: Bool {
        var status = stat()
        return lstat(path, &status) == 0 || errno != ENOENT
    }
}

extension SharedTokenDirectory: CustomStringConvertible {
    /// The path.
    public var description: String { path }
}
