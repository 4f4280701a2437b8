import Glibc

/// A lock on a directory, by which programs that replace files in it take turns. Ends with the process that holds it.
///
/// The directory and not the file, because a replaced file takes the locks on it away with it.
struct DirectoryLock {
    private let directory: Int32
    /// Whether the lock is really held: not every file system has locks.
    let isHeld: Bool

    /// Waits for the lock, five seconds at most, and blocks the thread meanwhile.
    init(_ path: String, for shownPath: String) throws(FileError) {
        directory = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard directory >= 0 else { throw FileError("writing", shownPath, .system(errno: errno)) }
        for _ in 0..<2_500 {
            if flock(directory, LOCK_EX | LOCK_NB) == 0 {
                isHeld = true
                return
            }
            switch errno {
            case EWOULDBLOCK, EINTR: usleep(2_000)
            // A file system without locks: the replacement itself is still one step.
            default:
                isHeld = false
                return
            }
        }
        close(directory)
        throw FileError("writing", shownPath, .busy)
    }

    /// Brings the change of names to disk; not every file system can, and the change holds without.
    func sync() {
        fsync(directory)
    }

    /// Lets the next one have its turn.
    func release() {
        flock(directory, LOCK_UN)
        close(directory)
    }
}
