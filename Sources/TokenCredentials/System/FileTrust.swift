import Glibc

/// For whom a file is written, and which directories others may write to on purpose.
///
/// Everything on the way to a file belongs to root or to the one it is written for, and nobody else may change it; what
/// is named here is believed besides.
public struct FileTrust: Hashable, Sendable {
    /// The user id the file is written for and given to; `nil` for the process's own user.
    ///
    /// Only root may give files away. Files and directories of that user on the way are believed.
    public var owner: UInt32?
    /// Paths of directories that may belong to and be open to anybody, such as a volume that several containers share.
    ///
    /// What lies in them is still believed only if its owner is.
    public var sharedDirectories: [String]

    /// Names whose files are written and which directories are shared; nobody else's and none unless said.
    public init(owner: UInt32? = nil, sharedDirectories: [String] = []) {
        self.owner = owner
        self.sharedDirectories = sharedDirectories
    }

    var pathCheck: PathCheck {
        PathCheck(trusting: Set([owner].compactMap(\.self)), sharing: sharedDirectories)
    }
}

extension FileTrust {
    /// Whether what belongs to a user may be replaced and removed.
    func believes(_ user: uid_t) -> Bool { user == geteuid() || user == 0 || user == owner }

    /// Gives an open file or directory to the one it is made for.
    ///
    /// Returns whether it is his; if not, `errno` says why.
    func give(_ file: Int32) -> Bool {
        guard let owner, owner != geteuid() else { return true }
        return fchown(file, owner, SystemGroup.primary(of: owner)) == 0
    }

    /// Gives a link to the one it is made for, as ``give(_:)`` does.
    func give(_ link: String, in directory: OpenDirectory) -> Bool {
        guard let owner, owner != geteuid() else { return true }
        return fchownat(
            directory.descriptor, link, owner, SystemGroup.primary(of: owner), AT_SYMLINK_NOFOLLOW) == 0
    }
}
