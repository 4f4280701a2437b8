import Glibc
import TokenCredentials

/// Where GLib looks for the session bus.
enum SessionBus {
    /// What is said where it is not looked for.
    static let absence =
        "neither DBUS_SESSION_BUS_ADDRESS nor XDG_RUNTIME_DIR is set, and this user has no home directory"

    /// Whether GLib can look for it: without both variables it needs a home directory, and complains on standard error
    /// where the user has none.
    static func canBeLookedFor(
        _ environment: ProcessEnvironment, hasAccount: @autoclosure () -> Bool = Self.hasAccount
    ) -> Bool {
        ["DBUS_SESSION_BUS_ADDRESS", "XDG_RUNTIME_DIR", "HOME"].contains { environment[$0] != nil } || hasAccount()
    }

    /// Whether the user database knows this user.
    private static var hasAccount: Bool {
        var (entry, found) = (passwd(), UnsafeMutablePointer<passwd>?.none)
        var buffer = [CChar](repeating: 0, count: 65_536)
        return getpwuid_r(getuid(), &entry, &buffer, buffer.count, &found) == 0 && found != nil
    }
}
