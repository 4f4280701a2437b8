import Glibc

/// A file of our own that only one program at a time may use: what writers of a place take turns by.
///
/// Nobody but its owner and root can open it, so that nobody else can hold it. It ends with the process that holds it;
/// what a killed one leaves is the next one's.
struct TurnFile: ~Copyable {
    /// The open file.
    let file: Int32
    /// Whether the lock is really held: not every file system has locks.
    let isHeld: Bool
    private let directory: Int32
    private let name: String

    /// Opens the file, makes it if it is missing, and waits for its lock, five seconds at most or until nobody waits for
    /// the thread any more; blocks the thread meanwhile.
    ///
    /// The name counts from an open directory, unless it is a whole path.
    init(
        _ name: String, in directory: Int32 = AT_FDCWD, trusting owner: uid_t?, for shownPath: String
    ) throws(FileError) {
        self.name = name
        self.directory = directory
        (file, isHeld) = try Self.take(name, in: directory, trusting: owner, for: shownPath)
    }

    /// Lets the next one have its turn.
    deinit { close(file) }

    /// Removes the file, while the lock on it is held.
    func remove() {
        if Self.isNamed(name, in: directory, file) { unlinkat(directory, name, 0) }
    }

    private static func take(
        _ name: String, in directory: Int32, trusting owner: uid_t?, for shownPath: String
    ) throws(FileError) -> (file: Int32, isHeld: Bool) {
        let end = ContinuousClock.now + .seconds(5)
        repeat {
            let file = try open(name, in: directory, for: shownPath)
            do throws(Protection.Exposure) {
                try check(file, owner: owner)
            } catch {
                close(file)
                throw FileError("writing", path(of: name, beside: shownPath), error)
            }
            let code = lock(file, until: end)
            // Whoever had the lock has given the file another name, or has removed it: then this lock excludes nobody.
            if code != EWOULDBLOCK, isNamed(name, in: directory, file) { return (file, code == 0) }
            close(file)
        } while ContinuousClock.now < end && !OwnThread.isCancelled
        throw FileError("writing", shownPath, .busy)
    }

    private static func check(_ file: Int32, owner: uid_t?) throws(Protection.Exposure) {
        try Protection.check(openFile: file, owner: owner)
        var status = stat()
        guard fstat(file, &status) == 0, status.st_nlink < 2 else {
            throw Protection.Exposure("has another name too", .openToOthers)
        }
        // Root may open one that was killed between making it and giving it its mode.
        if status.st_mode & 0o7777 != 0o600, status.st_uid == geteuid() { fchmod(file, 0o600) }
    }

    private static func open(_ name: String, in directory: Int32, for shownPath: String) throws(FileError) -> Int32 {
        var triedMode = false
        while true {
            // First without making it: Linux lets nobody make what is there already in a sticky directory
            // (fs.protected_regular), also where the one whom we write for owns it.
            var file = openat(directory, name, O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
            if file < 0, errno == ENOENT {
                file = openat(directory, name, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
                if file < 0, errno == EEXIST { continue }
                // The mask may take the owner's own rights away; the mode must be exactly 0600.
                if file >= 0 { fchmod(file, 0o600) }
            }
            if file >= 0 { return file }
            let code = errno
            // One that was killed between making it and giving it its mode.
            if code == EACCES, !triedMode, isOurs(name, in: directory), fchmodat(directory, name, 0o600, 0) == 0 {
                triedMode = true
                continue
            }
            if code == ELOOP || code == ENXIO || code == EISDIR {
                throw FileError("writing", path(of: name, beside: shownPath), .unfit("is not a regular file"))
            }
            if code == EACCES, isThere(name, in: directory) {
                throw FileError("writing", path(of: name, beside: shownPath), .otherOwner("belongs to another user"))
            }
            throw FileError("writing", shownPath, .system(errno: code))
        }
    }

    /// Returns 0 with the lock, `EWOULDBLOCK` where somebody else has it all the time, else why there is none.
    private static func lock(_ file: Int32, until end: ContinuousClock.Instant) -> Int32 {
        while flock(file, LOCK_EX | LOCK_NB) != 0 {
            let code = errno
            guard code == EWOULDBLOCK || code == EINTR else { return code }
            guard ContinuousClock.now < end, !OwnThread.isCancelled else { return EWOULDBLOCK }
            usleep(2_000)
        }
        return 0
    }

    private static func isNamed(_ name: String, in directory: Int32, _ file: Int32) -> Bool {
        var open = stat()
        var named = stat()
        return fstat(file, &open) == 0 && fstatat(directory, name, &named, AT_SYMLINK_NOFOLLOW) == 0
            && open.st_dev == named.st_dev && open.st_ino == named.st_ino
    }

    private static func isOurs(_ name: String, in directory: Int32) -> Bool {
        var status = stat()
        return fstatat(directory, name, &status, AT_SYMLINK_NOFOLLOW) == 0 && status.st_mode & S_IFMT == S_IFREG
            && status.st_uid == geteuid() && status.st_nlink == 1
    }

    private static func isThere(_ name: String, in directory: Int32) -> Bool {
        faccessat(directory, name, F_OK, AT_SYMLINK_NOFOLLOW) == 0
    }

    private static func path(of name: String, beside shownPath: String) -> String {
        name.hasPrefix("/") ? name : "\(shownPath)/\(name)"
    }
}
