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

    /// The usual place: `tokens` in the user's private directory, which is named for the user in `XDG_RUNTIME_DIR`, else
    /// in the directory for temporary files.
    ///
    /// Nothing is made. A directory is passed over where others could put another in its place; what somebody else has
    /// made under our name is not used.
    public static func standard(environment: ProcessEnvironment = .current) -> SharedTokenDirectory {
        SharedTokenDirectory(RuntimeDirectory.path(in: environment) + "/tokens")
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
