public import FoundationEssentials
import Glibc

/// The file system of this machine.
public struct LocalFiles: FileAccess {
    /// Makes an access; all are the same.
    public init() {}

    /// Reads a whole file; `nil` if there is none of that name. Opens no pipe, so that it cannot hang on one.
    public func contents(ofFile path: String, limit: Int) throws(FileError) -> Data? {
        try OpenFile.read(path, limit: limit)?.contents
    }

    /// Checks a file that a library will open by itself: one would wait for ever at a pipe without a writer.
    ///
    /// Throws ``FileError`` for what is no regular file. A file that is not there is the library's to complain of.
    package static func checkRegular(_ path: String) throws(FileError) {
        var status = stat()
        guard stat(path, &status) == 0 else { return }
        switch status.st_mode & S_IFMT {
        case S_IFREG: return
        case S_IFDIR: throw FileError("reading", path, .system(errno: EISDIR))
        default: throw FileError("reading", path, .notARegularFile)
        }
    }

    /// Replaces a file in one step, under a lock on its directory; see ``FileAccess/replaceFile(at:limit:_:)``.
    ///
    /// Waits for the lock up to five seconds. The change is made again where somebody without the lock, such as an
    /// editor, replaced the file meanwhile.
    public func replaceFile(at path: String, limit: Int, _ change: (Data?) throws -> Data?) throws {
        let target = try Self.resolvingLink(path)
        let directory = Self.directory(of: target)
        let lock = try DirectoryLock(directory, for: path)
        defer { lock.release() }
        if lock.isHeld { FreshFile.removeAbandoned(beside: target, in: directory) }
        for _ in 0..<16 {
            let old = try OpenFile.read(target, limit: limit)
            guard let contents = try change(old?.contents) else { return }
            let owner = old.map { ($0.identity.owner, $0.identity.group) }
            let fresh = try FreshFile(beside: target, contents: contents, owner: owner, for: path)
            guard try OpenFile.identity(of: target) == old?.identity else {
                fresh.discard()
                continue
            }
            try fresh.take(placeOf: target)
            lock.sync()
            return
        }
        throw FileError("writing", path, .busy)
    }

    /// Returns who may do what with a file; `nil` if there is none. A symbolic link is followed.
    public func permissions(ofFile path: String) -> UInt16? {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        return UInt16(truncatingIfNeeded: status.st_mode & 0o7777)
    }

    /// The file a chain of symbolic links ends at; the path itself if it is no link.
    private static func resolvingLink(_ path: String) throws(FileError) -> String {
        var status = stat()
        guard lstat(path, &status) == 0 else {
            if errno == ENOENT { return path }
            throw FileError("writing", path, .system(errno: errno))
        }
        guard status.st_mode & S_IFMT == S_IFLNK else { return path }
        guard let resolved = realpath(path, nil) else { throw FileError("writing", path, .brokenLink) }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    private static func directory(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }
}
