import Glibc

/// What changes whenever somebody writes a file.
struct FileState: CustomStringConvertible {
    let description: String

    /// Looks at a file; `nil` if there is none.
    init?(of path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        description = "\(status.st_ino)-\(status.st_size)-\(status.st_mtim.tv_sec).\(status.st_mtim.tv_nsec)"
    }
}
