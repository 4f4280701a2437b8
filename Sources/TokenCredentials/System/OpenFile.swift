package import FoundationEssentials
import Glibc

/// Reading a file whole, and telling whether it is still the same file.
package enum OpenFile {
    /// What changes whenever somebody writes, replaces or gives away a file.
    struct Identity: Equatable {
        let device: UInt
        let inode: UInt
        let size: Int
        let modified: Int
        let modifiedFraction: Int
        let owner: uid_t
        let group: gid_t

        init(_ status: stat) {
            device = UInt(status.st_dev)
            inode = UInt(status.st_ino)
            size = Int(status.st_size)
            modified = status.st_mtim.tv_sec
            modifiedFraction = status.st_mtim.tv_nsec
            owner = status.st_uid
            group = status.st_gid
        }
    }

    /// Reads a regular file; `nil` if there is none of that name.
    ///
    /// Where links are not followed, one is no regular file.
    static func read(
        _ path: String, limit: Int, followingLinks: Bool = true
    ) throws(FileError) -> (contents: Data, identity: Identity)? {
        // Not blocking: a pipe without a writer must not hold us up before we can see that it is one.
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY | (followingLinks ? 0 : O_NOFOLLOW))
        guard file >= 0 else {
            switch errno {
            case ENOENT: return nil
            case ELOOP where !followingLinks: throw FileError("reading", path, .notARegularFile)
            case ENXIO: throw FileError("reading", path, .notARegularFile)
            case let code: throw FileError("reading", path, .system(errno: code))
            }
        }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0 else { throw FileError("reading", path, .system(errno: errno)) }
        try checkKind(of: status, path)
        guard status.st_size <= limit else { throw FileError("reading", path, .tooLarge(limit: limit)) }
        var contents = [UInt8]()
        var block = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = Glibc.read(file, &block, block.count)
            if count == 0 { break }
            if count < 0 {
                if errno == EINTR { continue }
                throw FileError("reading", path, .system(errno: errno))
            }
            contents += block[..<count]
            guard contents.count <= limit else { throw FileError("reading", path, .tooLarge(limit: limit)) }
        }
        return (Data(contents), Identity(status))
    }

    /// What tells the file that is there now from any other; `nil` if there is none.
    static func identity(of path: String) throws(FileError) -> Identity? {
        var status = stat()
        guard lstat(path, &status) == 0 else {
            if errno == ENOENT || errno == ENOTDIR { return nil }
            throw FileError("reading", path, .system(errno: errno))
        }
        try checkKind(of: status, path)
        return Identity(status)
    }

    private static func checkKind(of status: stat, _ path: String) throws(FileError) {
        switch status.st_mode & S_IFMT {
        case S_IFREG: break
        case S_IFDIR: throw FileError("reading", path, .system(errno: EISDIR))
        default: throw FileError("reading", path, .notARegularFile)
        }
    }

    /// Writes from the start of a file; returns 0 or why not all could be written.
    package static func write(_ contents: Data, to file: Int32) -> Int32 {
        let bytes = [UInt8](contents)
        var written = 0
        while written < bytes.count {
            let count = bytes[written...].withUnsafeBytes { pwrite(file, $0.baseAddress, $0.count, off_t(written)) }
            if count < 0 {
                if errno == EINTR { continue }
                return errno
            }
            written += count
        }
        return 0
    }
}
