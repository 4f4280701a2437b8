import Glibc

/// What the system knows of a group of users.
enum SystemGroup {
    /// Whether a group is the user's own: it carries the user's name and is the user's primary group, and nobody else is
    /// listed as its member.
    static func holdsOnly(_ user: uid_t, group: gid_t) -> Bool {
        var buffer = [CChar](repeating: 0, count: 65_536)
        var account = passwd()
        var foundAccount: UnsafeMutablePointer<passwd>?
        guard getpwuid_r(user, &account, &buffer, buffer.count, &foundAccount) == 0, foundAccount != nil,
            account.pw_gid == group, let userName = account.pw_name
        else { return false }
        let name = String(cString: userName)
        var entry = Glibc.group()
        var foundEntry: UnsafeMutablePointer<Glibc.group>?
        guard getgrgid_r(group, &entry, &buffer, buffer.count, &foundEntry) == 0, foundEntry != nil,
            let groupName = entry.gr_name, String(cString: groupName) == name
        else { return false }
        var member = entry.gr_mem
        while let place = member, let text = place.pointee {
            guard String(cString: text) == name else { return false }
            member = place.advanced(by: 1)
        }
        return true
    }

    /// A user's own group; if the system knows none, what `chown` takes for no change.
    static func primary(of user: uid_t) -> gid_t {
        var buffer = [CChar](repeating: 0, count: 65_536)
        var account = passwd()
        var found: UnsafeMutablePointer<passwd>?
        guard getpwuid_r(user, &account, &buffer, buffer.count, &found) == 0, found != nil else { return .max }
        return account.pw_gid
    }
}
