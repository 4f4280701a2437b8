import Glibc

/// An open directory: what is reached through it stays where it is, whatever happens to the directory's name.
package final class OpenDirectory: Sendable {
    package let descriptor: Int32

    /// Opens a directory, and no link to one.
    ///
    /// `nil` with `errno` set if that cannot be done.
    package init?(_ name: String, in parent: OpenDirectory? = nil) {
        descriptor = openat(
            parent?.descriptor ?? AT_FDCWD, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        if descriptor < 0 { return nil }
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    /// The user it belongs to.
    package var owner: UInt32? {
        var status = stat()
        return fstat(descriptor, &status) == 0 ? status.st_uid : nil
    }

    /// The names in it, without order.
    package var names: [String] {
        let copy = openat(descriptor, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard copy >= 0 else { return [] }
        guard let stream = fdopendir(copy) else {
            close(copy)
            return []
        }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }

    /// What has a name in it, a link itself and not where it leads; `nil` if nothing has.
    func status(of name: String) -> stat? {
        var status = stat()
        return fstatat(descriptor, name, &status, AT_SYMLINK_NOFOLLOW) == 0 ? status : nil
    }

    /// Where a symbolic link leads; `nil` if there is none of that name.
    package func target(ofLink name: String) -> String? { Self.target(ofLink: name, from: descriptor) }

    static func target(ofLink name: String, from directory: Int32 = AT_FDCWD) -> String? {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = readlinkat(directory, name, &buffer, buffer.count)
        guard count > 0, count < buffer.count else { return nil }
        return String(decoding: buffer.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Brings a change of names to disk; not every file system can, and the change holds without.
    package func sync() {
        fsync(descriptor)
    }
}
