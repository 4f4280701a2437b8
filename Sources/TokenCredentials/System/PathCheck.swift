import Glibc

/// Checks that no other user can change where a path leads.
///
/// Every directory on the way, through every symbolic link, belongs to root or to a trusted user, and nobody else may
/// write to it. A sticky directory may be open to all: what lies in it must then belong to root or a trusted user. The
/// kernel's `protected_symlinks` is not relied on. Once a path has passed, only root and the trusted users can make it
/// lead elsewhere, so that what is done by that path afterwards needs no further care.
package struct PathCheck: Sendable {
    /// As many symbolic links as Linux follows in one path (path_resolution(7)).
    private static let longestChain = 40
    let trusted: Set<UInt32>
    private let shared: [String]

    /// Trusts root, the process's own user, and others by their user ids.
    ///
    /// Directories named as shared may belong to and be open to anybody; what lies in them must still be a trusted
    /// user's.
    package init(user: UInt32 = geteuid(), trusting others: Set<UInt32> = [], sharing directories: [String] = []) {
        trusted = others.union([user, 0])
        shared = directories
    }

    /// Returns the path without symbolic links.
    ///
    /// What is not there is no obstacle: whatever is done by the path says so. In a directory open to others somebody
    /// else may still make it; what makes something there looks once more afterwards. A relative path begins at the
    /// working directory. Throws half a sentence that follows the path's name, as in "is in /srv/x, which belongs to
    /// another user".
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
        guard let root = try Self.status(of: "/") else { throw Protection.Exposure("cannot be looked at") }
        var way = Way(root: root.st_uid)
        try enter("/", root, &way)
        while let name = pending.popLast() {
            if name == "." { continue }
            let place = name == ".." ? way.parent : "\(way.current)/\(name)"
            way.isEnd = pending.isEmpty
            guard let status = try Self.status(of: place) else {
                return ([place] + pending.reversed().map(String.init)).joined(separator: "/")
            }
            if name != "..", way.isShared, !trusted.contains(status.st_uid) {
                throw Protection.Exposure(way.words(for: place, "belongs to another user"), .otherOwner)
            }
            switch status.st_mode & S_IFMT {
            case S_IFLNK:
                try pending += follow(place, status, &way)
            case S_IFDIR: try enter(place, status, &way)
            default: return ([place] + pending.reversed().map(String.init)).joined(separator: "/")
            }
        }
        return way.current.isEmpty ? "/" : way.current
    }

    /// How far one has come.
    private struct Way {
        /// Root's user id. In a user namespace root may have no number of its own: the owner of `/` is taken for root.
        let root: uid_t
        /// The directory, without symbolic links; empty for `/`.
        var current = ""
        /// Whether others may make files in it, though none may remove what they have not made.
        var isShared = false
        var links = 0
        /// Whether what is looked at is what the path names, and not only on the way there.
        var isEnd = false

        var parent: String {
            let parent = current.lastIndex(of: "/").map { current[..<$0] } ?? ""
            return parent.isEmpty ? "/" : String(parent)
        }

        func words(for place: String, _ fault: String) -> String {
            if isEnd, links == 0 { return fault.hasPrefix("others") ? "is a directory that \(fault)" : fault }
            return links == 0 ? "is in \(place), which \(fault)" : "leads through \(place), which \(fault)"
        }
    }

    /// Goes into a directory.
    ///
    /// Throws for a directory of somebody who is not trusted, and one in which others may replace what is there.
    private func enter(_ directory: String, _ status: stat, _ way: inout Way) throws(Protection.Exposure) {
        way.current = directory == "/" ? "" : directory
        way.isShared = true
        if isNamedAsShared(status) { return }
        guard trusted.contains(status.st_uid) || status.st_uid == way.root else {
            throw Protection.Exposure(way.words(for: directory, "belongs to another user"), .otherOwner)
        }
        guard status.st_mode & 0o022 != 0, !isPrivateGroup(of: directory, status) else {
            way.isShared = false
            return
        }
        guard status.st_mode & S_ISVTX != 0 else {
            let modes = Protection.modes(status, wanted: status.st_mode & ~0o022)
            throw Protection.Exposure(way.words(for: directory, "others may write to \(modes)"), .openToOthers)
        }
    }

    /// The parts of the path that a symbolic link stands for.
    private func follow(
        _ link: String, _ status: stat, _ way: inout Way
    ) throws(Protection.Exposure) -> ReversedCollection<[Substring]> {
        guard trusted.contains(status.st_uid) || status.st_uid == way.root else {
            throw Protection.Exposure(way.words(for: link, "is a symbolic link of another user"), .otherOwner)
        }
        way.links += 1
        guard way.links <= Self.longestChain, let target = OpenDirectory.target(ofLink: link) else {
            throw Protection.Exposure(way.words(for: link, "is a symbolic link that leads nowhere"))
        }
        if target.hasPrefix("/"), let root = try Self.status(of: "/") { try enter("/", root, &way) }
        return target.split(separator: "/").reversed()
    }

    private func isNamedAsShared(_ status: stat) -> Bool {
        shared.contains { name in
            var named = stat()
            return stat(name, &named) == 0 && named.st_dev == status.st_dev && named.st_ino == status.st_ino
        }
    }

    /// Whether the only others who may write are a group that holds one trusted user alone, as many systems give each.
    func isPrivateGroup(of directory: String, _ status: stat) -> Bool {
        guard status.st_mode & 0o002 == 0 else { return false }
        // With an access control list the group's bits are the most that anybody named in it may have (acl(5)).
        guard !AccessControlList.isThere(directory) else { return false }
        return trusted.contains { SystemGroup.holdsOnly($0, group: status.st_gid) }
    }

    private static func status(of path: String) throws(Protection.Exposure) -> stat? {
        var status = stat()
        if lstat(path, &status) == 0 { return status }
        if errno == ENOENT || errno == ENOTDIR { return nil }
        throw Protection.Exposure(errno: errno)
    }
}
