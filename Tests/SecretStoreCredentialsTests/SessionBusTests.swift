import Testing
import TokenCredentials

@testable import SecretStoreCredentials

@Suite struct `Looking for the session bus` {
    @Test(arguments: ["DBUS_SESSION_BUS_ADDRESS", "XDG_RUNTIME_DIR", "HOME"])
    func `needs a variable`(_ name: String) {
        #expect(SessionBus.canBeLookedFor(ProcessEnvironment([name: "/x"]), hasAccount: false))
    }

    @Test(arguments: [true, false])
    func `needs a user with a name otherwise`(_ hasAccount: Bool) {
        #expect(SessionBus.canBeLookedFor(["PATH": "/bin"], hasAccount: hasAccount) == hasAccount)
    }
}
