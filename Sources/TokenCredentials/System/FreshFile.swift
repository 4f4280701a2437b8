import FoundationEssentials
import Glibc

/// A new file beside the one it will replace: its owner's alone from birth, on disk before anybody can see it.
struct FreshFile {
    private static let suffix = ".new"
    private let path: String
    private let shownPath: String

    /// Writes the contents; leaves nothing behind if that does not work.
    ///
    /// The file gets the owner of the one it replaces where the system lets it, so that one who works for others, as
    /// root may, does not lock them out of their own file.
    init(
        beside target: String, contents: Data, owner: (user: uid_t, group: gid_t)?, for shownPath: String
    ) throws(FileError) {
        let random = UInt64.random(in: .min ... .max)
        path = "\(target).\(String(random, radix: 36))\(Self.suffix)"
        self.shownPath = shownPath
        try Self.write(contents, toNewFileAt: path, owner: owner, for: shownPath)
    }

    /// Writes a file of that very name, which must not exist.
    init(at path: String, contents: Data, for shownPath: String) throws(FileError) {
        self.path = path
        self.shownPath = shownPath
        try Self.write(contents, toNewFileAt: path, owner: nil, for: shownPath)
    }

    /// Gives the new file the old one's name, in one step.
    func take(placeOf target: String) throws(FileError) {
        var status = stat()
        if lstat(target, &status) == 0, status.st_mode & S_IFMT != S_IFREG {
            discard()
            throw FileError("writing", shownPath, .notARegularFile)
        }
        guard rename(path, target) == 0 else {
            let code = errno
            discard()
            throw FileError("writing", shownPath, .system(errno: code))
        }
    }

    /// Removes the new file.
    func discard() {
        unlink(path)
    }

    /// Removes new files that a writer left who was killed. Only the holder of the directory's lock may do this.
    static func removeAbandoned(beside target: String, in directory: String) {
        guard let stream = opendir(directory) else { return }
        defer { closedir(stream) }
        let prefix = (target.split(separator: "/").last.map(String.init) ?? target) + "."
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            let middle = name.dropFirst(prefix.count).dropLast(suffix.count)
            guard name.hasPrefix(prefix), name.hasSuffix(suffix), UInt64(middle, radix: 36) != nil else { continue }
            unlink("\(directory)/\(name)")
        }
    }

    private static func write(
        _ contents: Data, toNewFileAt path: String, owner: (user: uid_t, group: gid_t)?, for shownPath: String
    ) throws(FileError) {
        let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw FileError("writing", shownPath, .system(errno: errno)) }
        if let owner, owner.user != geteuid() { _ = fchown(file, owner.user, owner.group) }
        let code = write(contents, to: file)
        close(file)
        guard code == 0 else {
            unlink(path)
            throw FileError("writing", shownPath, .system(errno: code))
        }
    }

    private static func write(_ contents: Data, to file: Int32) -> Int32 {
        // The mask may take the owner's own right to write away; the mode must be exactly 0600.
        guard fchmod(file, 0o600) == 0 else { return errno }
        let bytes = [UInt8](contents)
        var written = 0
        while written < bytes.count {
            let count = bytes[written...].withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
            if count < 0 {
                if errno == EINTR { continue }
                return errno
            }
            written += count
        }
        return fsync(file) == 0 ? 0 : errno
    }
}
