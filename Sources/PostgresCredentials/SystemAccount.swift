import Glibc
import TokenCredentials

/// The person of the operating system a program runs for.
package struct SystemAccount: Sendable {
    /// The name; `nil` if the system knows none for the user id.
    var name: String?
    /// The home directory from the system's list of users.
    var home: String?
    /// The number, by which the kernel tells users apart.
    var identifier = geteuid()

    /// The account of this process's effective user, as libpq looks it up.
    static var current: SystemAccount { entry(of: geteuid()) ?? SystemAccount() }

    /// The name of a user; `nil` if the system knows none for the number.
    static func name(of user: uid_t) -> String? { entry(of: user)?.name }

    private static func entry(of user: uid_t) -> SystemAccount? {
        var buffer = [CChar](repeating: 0, count: 16_384)
        var entry = passwd()
        var found: UnsafeMutablePointer<passwd>?
        guard getpwuid_r(user, &entry, &buffer, buffer.count, &found) == 0, found != nil else { return nil }
        return SystemAccount(
            name: String(cString: entry.pw_name), home: String(cString: entry.pw_dir), identifier: user)
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
