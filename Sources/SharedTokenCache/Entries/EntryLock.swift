import FoundationEssentials
import Glibc
import TokenCredentials

/// The right to ask for a token, which one process has at a time.
///
/// Ends with the process, however that ends.
final class EntryLock: Sendable {
    /// How an attempt to take it went.
    enum Attempt {
        case taken(EntryLock)
        case busy
        /// Not every file system has locks.
        case impossible
    }

    private static let noteLimit = 16_384
    private let file: Int32

    private init(_ file: Int32) { self.file = file }

    deinit { close(file) }

    /// Takes the lock if it is free; does not wait.
    static func take(_ key: EntryKey, in folder: PrivateFolder) -> Attempt {
        guard let file = folder.openFile(key.lockName) else { return .impossible }
        let lock = EntryLock(file)
        guard flock(file, LOCK_EX | LOCK_NB) == 0 else { return errno == EWOULDBLOCK ? .busy : .impossible }
        // Somebody may have put another file in its place since it was opened: then this lock excludes nobody.
        return folder.isNamed(key.lockName, file) ? .taken(lock) : .busy
    }

    /// Lets the next one have its turn, now and not when the last reference to this object happens to go.
    func release() { flock(file, LOCK_UN) }

    /// The last failure that somebody who held the lock met.
    static func note(_ key: EntryKey, in folder: PrivateFolder) -> FailureNote? {
        folder.contents(of: key.lockName, limit: noteLimit).flatMap {
            try? JSONDecoder().decode(FailureNote.self, from: $0)
        }
    }

    /// Tells those who wait for the lock what came of it; nobody who comes later believes it.
    func leave(_ error: CredentialError) {
        let last = PrivateFolder.contents(of: file, limit: Self.noteLimit)
            .flatMap { try? JSONDecoder().decode(FailureNote.self, from: $0) }
        guard let note = FailureNote(error, number: (last?.number ?? 0) &+ 1),
            let contents = try? JSONEncoder().encode(note), contents.count <= Self.noteLimit
        else { return }
        if OpenFile.write(contents, to: file) == 0 { ftruncate(file, off_t(contents.count)) }
    }
}
