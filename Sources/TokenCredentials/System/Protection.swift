import Glibc

/// Who else can get at a file or a directory that should be its owner's alone.
package enum Protection {
    /// Why something is not believed to be private; half a sentence that follows its name.
    package struct Exposure: Error, Hashable, Sendable {
        package let words: String
        package init(_ words: String) { self.words = words }
    }

    /// Checks a file without following a link to it: that it is a regular file, ours, and nobody else's to read or write.
    ///
    /// Returns whether there is one. A directory above it that others may write to is not noticed here.
    package static func checkFile(_ path: String) throws(Exposure) -> Bool {
        guard let status = try status(of: path) else { return false }
        try check(status)
        return true
    }

    /// Checks what an open file is.
    package static func check(openFile file: Int32) throws(Exposure) {
        var status = stat()
        guard fstat(file, &status) == 0 else { throw Exposure("cannot be looked at: \(SystemError.text(of: errno))") }
        try check(status)
    }

    /// Makes a directory, and those above it that are missing, for its owner alone; checks that it is a directory, ours,
    /// and that the mode allows others none of the bits given.
    package static func makeDirectory(_ path: String, forbidding bits: UInt32) throws(Exposure) {
        if try status(of: path) == nil {
            if let slash = path.lastIndex(of: "/"), slash > path.startIndex {
                let parent = String(path[..<slash])
                var status = stat()
                if stat(parent, &status) != 0, errno == ENOENT { try makeDirectory(parent, forbidding: 0o022) }
            }
            guard mkdir(path, 0o700) == 0 || errno == EEXIST else {
                throw Exposure("cannot be made: \(SystemError.text(of: errno))")
            }
        }
        try checkDirectory(path, forbidding: bits)
    }

    /// Checks that something is a directory and no link to one, ours, and that its mode allows others none of the bits.
    package static func checkDirectory(_ path: String, forbidding bits: UInt32) throws(Exposure) {
        guard let status = try status(of: path) else { throw Exposure("is not there") }
        guard status.st_mode & S_IFMT == S_IFDIR else { throw Exposure("is not a directory") }
        guard status.st_uid == geteuid() else { throw Exposure("belongs to another user") }
        guard status.st_mode & bits == 0 else { throw Exposure("is open to others (mode \(mode(of: status)))") }
    }

    private static func check(_ status: stat) throws(Exposure) {
        if status.st_mode & S_IFMT == S_IFLNK { throw Exposure("is a symbolic link") }
        guard status.st_mode & S_IFMT == S_IFREG else { throw Exposure("is not a regular file") }
        guard status.st_uid == geteuid() else { throw Exposure("belongs to another user") }
        guard status.st_mode & 0o077 == 0 else { throw Exposure("is open to others (mode \(mode(of: status)))") }
    }

    private static func status(of path: String) throws(Exposure) -> stat? {
        var status = stat()
        if lstat(path, &status) == 0 { return status }
        if errno == ENOENT { return nil }
        throw Exposure("cannot be looked at: \(SystemError.text(of: errno))")
    }

    private static func mode(of status: stat) -> String {
        let digits = String(status.st_mode & 0o7777, radix: 8)
        return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }
}
