import Glibc
import TokenCredentials

/// A user of the system who has to read a file that somebody else writes for him.
struct FileReader {
    let user: uid_t
    /// What the system calls him.
    let name: String
    private let groups: Set<gid_t>

    init(_ user: uid_t) {
        self.user = user
        var buffer = [CChar](repeating: 0, count: 16_384)
        var entry = passwd()
        var found: UnsafeMutablePointer<passwd>?
        guard getpwuid_r(user, &entry, &buffer, buffer.count, &found) == 0, found != nil, let text = entry.pw_name
        else {
            name = "user \(user)"
            groups = []
            return
        }
        name = String(cString: text)
        var list = [gid_t](repeating: 0, count: 1_024)
        var count = Int32(list.count)
        groups =
            getgrouplist(text, entry.pw_gid, &list, &count) < 0 ? [entry.pw_gid] : Set(list.prefix(max(0, Int(count))))
    }

    /// The directory that keeps him from a file of his own, which need not exist; `nil` if none does.
    func obstacle(onTheWayTo path: String) -> String? {
        guard user != 0, let directory = Self.directory(of: path) else { return nil }
        var place = ""
        for name in [""] + directory.split(separator: "/").map(String.init) {
            place = name.isEmpty ? "/" : place == "/" ? "/\(name)" : "\(place)/\(name)"
            var status = stat()
            guard stat(place, &status) == 0 else { return nil }
            if !mayPass(place, status) { return place }
        }
        return nil
    }

    private func mayPass(_ directory: String, _ status: stat) -> Bool {
        let bit: mode_t = status.st_uid == user ? 0o100 : groups.contains(status.st_gid) ? 0o010 : 0o001
        if status.st_mode & bit != 0 { return true }
        // An entry for him alone is somebody's express wish; the group's bits are then the most that any entry gives.
        return status.st_mode & 0o010 != 0 && AccessControlList.isThere(directory)
    }

    /// Where a file lies, without symbolic links; `nil` where that cannot be found out.
    private static func directory(of path: String) -> String? {
        let file = resolved(path) ?? path
        guard let slash = file.lastIndex(of: "/") else { return resolved(".") }
        return slash == file.startIndex ? "/" : resolved(String(file[..<slash]))
    }

    private static func resolved(_ path: String) -> String? {
        guard let text = realpath(path, nil) else { return nil }
        defer { free(text) }
        return String(cString: text)
    }

    /// Whether a file is his alone to read and write; true where it is not on a disk.
    func ownsAlone(_ path: String) -> Bool {
        var status = stat()
        guard stat(path, &status) == 0 else { return true }
        return status.st_uid == user && status.st_mode & 0o077 == 0 && status.st_mode & 0o400 != 0
    }
}
