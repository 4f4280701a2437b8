import Glibc

/// The entries for further users and groups that a file may have besides its mode (acl(5)).
package enum AccessControlList {
    private typealias GetAttribute =
        @convention(c) (
            UnsafePointer<CChar>, UnsafePointer<CChar>, UnsafeMutableRawPointer?, Int
        ) -> Int

    // Swift's module of the C library leaves <sys/xattr.h> out.
    private static let getAttribute: GetAttribute? = dlsym(nil, "getxattr").map {
        unsafeBitCast($0, to: GetAttribute.self)
    }

    /// Whether there are any; so too where that cannot be told.
    package static func isThere(_ path: String) -> Bool {
        guard let getAttribute else { return true }
        return getAttribute(path, "system.posix_acl_access", nil, 0) > 0
    }
}
