import Glibc

/// Where the Arc agent leaves its keys.
///
/// A seam: the real place exists on few machines.
protocol KeyDirectory: Sendable {
    /// The directory's path: a challenge that names a file elsewhere is not followed.
    var path: String { get }

    /// The contents of the file of that name, unchanged.
    func key(named name: String) throws(KeyFileError) -> [UInt8]
}

/// A directory of this machine, in which no link is followed.
struct LocalKeyDirectory: KeyDirectory {
    let path: String

    init(_ path: String = ArcChallenge.directory) {
        self.path = path
    }

    func key(named name: String) throws(KeyFileError) -> [UInt8] {
        let directory = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        // Searching a directory needs less than listing it, and reading a key needs no more.
        let searched = directory >= 0 || errno != EACCES ? directory : open(path, Self.searchOnly)
        guard searched >= 0 else { throw KeyFileError(errno: errno) }
        defer { close(searched) }
        // Opened by name within the open directory, so that nobody can put another in its place in between; and not
        // blocking, so that a pipe cannot hold us up before it is seen to be one.
        let file = openat(searched, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
        guard file >= 0 else { throw KeyFileError(errno: errno) }
        defer { close(file) }
        var status = stat()
        var directoryStatus = stat()
        guard fstat(file, &status) == 0, fstat(searched, &directoryStatus) == 0 else {
            throw KeyFileError(errno: errno)
        }
        let found = KeyFileStatus(
            mode: status.st_mode, size: Int(status.st_size), owner: status.st_uid,
            directoryOwner: directoryStatus.st_uid, directoryMode: directoryStatus.st_mode)
        if let objection = found.objection { throw objection }
        return try Self.contents(of: file)
    }

    private static let searchOnly = 0o10_000_000 | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC  // O_PATH (fcntl.h)

    private static func contents(of file: Int32) throws(KeyFileError) -> [UInt8] {
        var contents = [UInt8](repeating: 0, count: KeyFileStatus.limit + 1)
        var length = 0
        while length < contents.count {
            let count = contents.withUnsafeMutableBytes { bytes in
                read(file, bytes.baseAddress?.advanced(by: length), bytes.count - length)
            }
            if count == 0 { break }
            if count < 0 {
                if errno == EINTR { continue }
                throw KeyFileError(errno: errno)
            }
            length += count
        }
        // The file may have grown since it was looked at.
        guard length <= KeyFileStatus.limit else { throw .tooLarge }
        return Array(contents[..<length])
    }
}
