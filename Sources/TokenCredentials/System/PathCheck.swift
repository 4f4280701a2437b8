package import Glibc

/// Checks that no other user can change where a path leads.
///
/// Every directory on the way, through every symbolic link, belongs to root or to a trusted user, and nobody else may
/// write to it. A sticky directory may be open to all: what lies in it must then belong to root or a trusted user. The
/// kernel's `protected_symlinks` is not relied on. Once a path has passed, only root and the trusted users can make it
/// lead elsewhere, so that what is done by that path afterwards needs no further care.
package struct PathCheck: Sendable {
    private static let longestChain = 40
    let trusted: Set<uid_t>

    /// Trusts root, the process's own user, and others by their user ids.
    package init(user: uid_t = geteuid(), trusting others: Set<uid_t> = []) {
        trusted = others.union([user, 0])
    }

    /// Returns the path without symbolic links.
    ///
    /// What does not exist yet is no obstacle: nobody else can make it. A relative path begins at the working directory.
    /// Throws half a sentence that follows the path's name, as in "is in /srv/x, which belongs to another user".
    @discardableResult
    package func resolve(_ path: String) throws(Protection.Exposure) -> String {
        guard !path.isEmpty, !path.utf8.contains(0) else { throw Protection.Exposure("is not a path") }
        var pending: [Substring] = path.split(separator: "/").reversed()
        if !path.hasPrefix("/") {
            guard let start = getcwd(nil, 0) else {
                throw Protection.Exposure("is relative, and the working directory is not known")
            }
            defer { free(start) }
            pending += String(cString: start).split(separator: "/").reversed()
        }
        let root = try Self.status(of: "/") ?? stat()
        var current = ""
        var mayBeAnyones = try isShared("/", root, root: root.st_uid)
        var links = 0
        while let name = pending.popLast() {
            if name == "." { continue }
            if name == ".." {
                current = current.lastIndex(of: "/").map { String(current[..<$0]) } ?? ""
                let place = current.isEmpty ? "/" : current
                mayBeAnyones = try isShared(place, try Self.status(of: place) ?? root, root: root.st_uid)
                continue
            }
            let place = "\(current)/\(name)"
            guard let status = try Self.status(of: place) else {
                return ([place] + pending.reversed().map(String.init)).joined(separator: "/")
            }
            if mayBeAnyones, !trusted.contains(status.st_uid) {
                throw Protection.Exposure(Self.words(place, path, "belongs to another user"))
            }
            switch status.st_mode & S_IFMT {
            case S_IFLNK:
                guard trusted.contains(status.st_uid) || status.st_uid == root.st_uid else {
                    throw Protection.Exposure(Self.words(place, path, "is a symbolic link of another user"))
                }
                links += 1
                guard links <= Self.longestChain, let target = Self.target(of: place) else {
                    throw Protection.Exposure(Self.words(place, path, "is a symbolic link that leads nowhere"))
                }
                if target.hasPrefix("/") {
                    current = ""
                    mayBeAnyones = try isShared("/", root, root: root.st_uid)
                }
                pending += target.split(separator: "/").reversed()
            case S_IFDIR:
                mayBeAnyones = try isShared(place, status, root: root.st_uid, on: path)
                current = place
            default:
                guard pending.isEmpty else {
                    throw Protection.Exposure(Self.words(place, path, "is not a directory"))
                }
                current = place
            }
        }
        return current.isEmpty ? "/" : current
    }

    /// Whether others may make files in a directory, though none may remove what they have not made.
    ///
    /// Throws for a directory of somebody who is not trusted, and one in which others may replace what is there. In a
    /// user namespace root may have no number of its own: the owner of `/` is then taken for root.
    private func isShared(
        _ directory: String, _ status: stat, root: uid_t, on path: String? = nil
    ) throws(Protection.Exposure) -> Bool {
        guard trusted.contains(status.st_uid) || status.st_uid == root else {
            throw Protection.Exposure(Self.words(directory, path, "belongs to another user"))
        }
        guard status.st_mode & 0o022 != 0, !isPrivateGroup(of: directory, status) else { return false }
        guard status.st_mode & S_ISVTX != 0 else {
            throw Protection.Exposure(Self.words(directory, path, "others may write to"))
        }
        return true
    }

    /// Whether the only others who may write are a group that holds the owner alone, as many systems give each user.
    func isPrivateGroup(of directory: String, _ status: stat) -> Bool {
        guard status.st_mode & 0o002 == 0 else { return false }
        // With an access control list the group's bits are the most that anybody named in it may have.
        guard !Self.hasAccessList(directory) else { return false }
        return SystemGroup.holdsOnly(status.st_uid, group: status.st_gid)
    }

    /// Whether an access control list of POSIX goes with it; Glibc's module lacks `<sys/xattr.h>`.
    private static func hasAccessList(_ path: String) -> Bool {
        typealias Look =
            @convention(c) (UnsafePointer<CChar>, UnsafePointer<CChar>, UnsafeMutableRawPointer?, Int) -> Int
        guard let symbol = dlsym(nil, "getxattr") else { return true }
        return unsafeBitCast(symbol, to: Look.self)(path, "system.posix_acl_access", nil, 0) > 0
    }

    private static func words(_ place: String, _ path: String?, _ fault: String) -> String {
        if place == path { return fault.hasPrefix("others") ? "is a directory that \(fault)" : fault }
        return fault.hasPrefix("others") ? "is in \(place), which \(fault)" : "leads through \(place), which \(fault)"
    }

    private static func status(of path: String) throws(Protection.Exposure) -> stat? {
        var status = stat()
        if lstat(path, &status) == 0 { return status }
        if errno == ENOENT { return nil }
        throw Protection.Exposure("cannot be looked at: \(SystemError.text(of: errno))")
    }

    private static func target(of link: String) -> String? {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = readlink(link, &buffer, buffer.count)
        guard count > 0, count < buffer.count else { return nil }
        return String(decoding: buffer.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
