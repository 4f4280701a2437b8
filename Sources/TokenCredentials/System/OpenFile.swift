import FoundationEssentials
import Glibc

/// Reading a file whole, and telling whether it is still the same file.
enum OpenFile {
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
    static func read(_ path: String, limit: Int) throws(FileError) -> (contents: Data, identity: Identity)? {
        // Not blocking: a pipe without a writer must not hold us up before we can see that it is one.
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
        guard file >= 0 else {
            switch errno {
            case ENOENT: return nil
            case ENXIO: throw FileError("reading", path, .notARegularFile)
            case let code: throw FileError("reading", path, .system(errno: code))
            }
        }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0 else { throw FileError("reading", path, .system(errno: errno)) }
        switch status.st_mode & S_IFMT {
        case S_IFREG: break
        case S_IFDIR: throw FileError("reading", path, .system(errno: EISDIR))
        default: throw FileError("reading", path, .notARegularFile)
        }
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
        guard stat(path, &status) == 0 else {
            if errno == ENOENT { return nil }
            throw FileError("reading", path, .system(errno: errno))
        }
        return Identity(status)
    }
}
