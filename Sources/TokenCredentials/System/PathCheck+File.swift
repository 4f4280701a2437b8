import Glibc

extension PathCheck {
    /// Returns the path of a file without symbolic links; nobody else can change what is in the file either.
    ///
    /// Throws for a file of somebody who is not trusted, or one that others may write to, and as ``resolve(_:)`` does.
    package func resolveFile(_ path: String) throws(Protection.Exposure) -> String {
        let resolved = try resolve(path)
        var (file, root) = (stat(), stat())
        guard stat(resolved, &file) == 0, stat("/", &root) == 0 else {
            throw Protection.Exposure("cannot be looked at: \(SystemError.text(of: errno))")
        }
        guard trusted.contains(file.st_uid) || file.st_uid == root.st_uid else {
            throw Protection.Exposure("belongs to another user")
        }
        guard file.st_mode & 0o022 == 0 || isPrivateGroup(of: resolved, file) else {
            throw Protection.Exposure("may be changed by others")
        }
        return resolved
    }
}
