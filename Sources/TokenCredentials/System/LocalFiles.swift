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

    /// Replaces a file in one step; see ``FileAccess/replaceFile(at:limit:trusting:_:)``.
    ///
    /// Writers take turns by a new file beside it, such as `.token.passgres.new`, which is our own: up to five seconds,
    /// or as long as a task waits for ``onOwnThread(_:)``. The change is made again where somebody who takes no turn,
    /// such as an editor, replaced the file meanwhile.
    public func replaceFile(
        at path: String, limit: Int, trusting trust: FileTrust, _ change: (Data?) throws -> Data?
    ) throws {
        let target = try Self.target(of: path, trust)
        // Before anything is made beside it.
        try Self.checkOwner(of: try OpenFile.identity(of: target), trust, path)
        let fresh = try FreshFile(beside: target, trusting: trust, for: path)
        do {
            for _ in 0..<16 {
                let old = try OpenFile.read(target, limit: limit, followingLinks: false)
                try Self.checkOwner(of: old?.identity, trust, path)
                guard let contents = try change(old?.contents) else { return fresh.discard() }
                try fresh.write(contents)
                if try OpenFile.identity(of: target) == old?.identity { return try fresh.take(placeOf: target) }
            }
            throw FileError("writing", path, .busy)
        } catch {
            fresh.discard()
            throw error
        }
    }

    /// Returns who may do what with a file; `nil` if there is none. A symbolic link is followed.
    public func permissions(ofFile path: String) -> UInt16? {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        return UInt16(truncatingIfNeeded: status.st_mode & 0o7777)
    }

    /// Where a path leads, if nobody else can change that.
    private static func target(of path: String, _ trust: FileTrust) throws(FileError) -> String {
        var status = stat()
        if lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFLNK, stat(path, &status) != 0,
            errno == ENOENT || errno == ELOOP
        {
            throw FileError("writing", path, .brokenLink)
        }
        do throws(Protection.Exposure) {
            return try trust.pathCheck.resolve(path)
        } catch {
            throw FileError("writing", path, error)
        }
    }

    /// What somebody else made is not replaced: he may have it open, and what we make in its place is not his.
    private static func checkOwner(
        of file: OpenFile.Identity?, _ trust: FileTrust, _ path: String
    ) throws(FileError) {
        guard let owner = file?.owner, !trust.believes(owner) else { return }
        throw FileError("writing", path, .otherOwner("belongs to another user"))
    }
}
