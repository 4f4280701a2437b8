import Glibc
import TokenCredentials

/// The person of the operating system a program runs for.
package struct SystemAccount: Sendable {
    /// The name; `nil` if the system knows none for the user id.
    var name: String?
    /// The home directory from the system's list of users.
    var home: String?

    /// The account of this process's effective user, as libpq looks it up.
    static var current: SystemAccount {
        var buffer = [CChar](repeating: 0, count: 16_384)
        var entry = passwd()
        var found: UnsafeMutablePointer<passwd>?
        guard getpwuid_r(geteuid(), &entry, &buffer, buffer.count, &found) == 0, found != nil else {
            return SystemAccount()
        }
        return SystemAccount(name: String(cString: entry.pw_name), home: String(cString: entry.pw_dir))
    }

    /// The id of a user by name; `nil` if the system knows none.
    package static func userID(of name: String) -> UInt32? {
        var buffer = [CChar](repeating: 0, count: 16_384)
        var entry = passwd()
        var found: UnsafeMutablePointer<passwd>?
        guard getpwnam_r(name, &entry, &buffer, buffer.count, &found) == 0, found != nil else { return nil }
        return entry.pw_uid
    }

    /// The home directory in libpq's sense (15 and later): the variable's, else the system's.
    func home(in environment: ProcessEnvironment) -> String? { environment["HOME"] ?? home }
}
