import Glibc

extension FileError {
    /// One sentence: what the reader can do, where that is known.
    public var remedy: String? {
        switch reason {
        case .notARegularFile, .system(errno: EISDIR): "Name a file of its own."
        case .brokenLink: "Remove the link, or make the file that it leads to."
        case .tooLarge: nil
        case .busy: "See which program holds the lock on the new file beside it, as with lslocks."
        case .otherOwner: "Choose another place; root writes for another user with --owner."
        case .openToOthers:
            "Let nobody else write there, or choose another place; --allow-shared-directory takes a directory as it is."
        case .system(errno: ENOSPC), .system(errno: EDQUOT): "Make room on its disk; the old file stays until then."
        case .system(errno: EROFS): "Name a file on a disk that can be written to."
        // As a container's runtime mounts one file: its name belongs to the mount.
        case .system(errno: EBUSY): "The file may be a mount of its own: mount its directory instead."
        case .system(errno: EACCES), .system(errno: EPERM):
            activity == "reading"
                ? "Let this program's user read it." : "Let this program's user write to its directory."
        case .system(errno: ENOENT), .system(errno: ENOTDIR):
            activity == "reading" ? "Name a file that is there." : "Make its directory."
        case .system: nil
        }
    }
}
