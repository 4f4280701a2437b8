import Glibc
import TokenCredentials

/// The browser of the person's desktop.
public enum SystemBrowser {
    /// Opens an address; `false` if there is no desktop here, no `xdg-open`, or it did not work.
    ///
    /// `xdg-open` is looked for as every program is (see `ProgramFinder`), and started without a shell and without the
    /// variables that hold secrets. It has five seconds to fail; one that still runs then is taken for the browser itself.
    public static func open(_ address: String) async -> Bool {
        await open(address, environment: .current)
    }

    static func open(_ address: String, environment: ProcessEnvironment, patience: Duration = .seconds(5)) async -> Bool
    {
        guard environment["DISPLAY"] != nil || environment["WAYLAND_DISPLAY"] != nil,
            address.hasPrefix("https://"), address.utf8.allSatisfy({ (0x21...0x7E).contains($0) }),
            let program = ProgramFinder(path: environment["PATH"]).location(of: "xdg-open").path
        else { return false }
        guard let child = start(program, [program, address], environment) else { return false }
        let limit = ContinuousClock.now + patience
        let isCancelled = CancellationFlag()
        let status = await withTaskCancellationHandler {
            await onOwnThread { () -> Int32? in
                while true {
                    if let status = waitForEnd(of: child, options: WNOHANG) { return status }
                    // Whoever is signed in by now need not wait to learn whether the browser was opened.
                    if ContinuousClock.now >= limit || isCancelled.isSet { return nil }
                    usleep(10_000)
                }
            }
        } onCancel: {
            isCancelled.set()
        }
        if let status { return status == 0 }
        // It is the browser, or has become one: somebody has to collect it when it ends.
        Task { await onOwnThread { _ = waitForEnd(of: child, options: 0) } }
        return true
    }

    /// Starts a program in a group of its own, with nothing to read and nowhere to write.
    private static func start(_ program: String, _ arguments: [String], _ environment: ProcessEnvironment) -> pid_t? {
        var actions = posix_spawn_file_actions_t()
        var attributes = posix_spawnattr_t()
        guard posix_spawn_file_actions_init(&actions) == 0 else { return nil }
        defer { posix_spawn_file_actions_destroy(&actions) }
        guard posix_spawnattr_init(&attributes) == 0 else { return nil }
        defer { posix_spawnattr_destroy(&attributes) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
        // A Ctrl-C meant for this program must not end the person's browser.
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP))
        posix_spawnattr_setpgroup(&attributes, 0)
        var argv: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) } + [nil]
        var envp: [UnsafeMutablePointer<CChar>?] =
            environment.dictionary(withSecrets: []).map { strdup("\($0)=\($1)") } + [nil]
        defer { for text in argv + envp { free(text) } }
        var child = pid_t()
        return posix_spawn(&child, program, &actions, &attributes, &argv, &envp) == 0 ? child : nil
    }

    /// The wait status of a child that has ended; `nil` if it has not.
    private static func waitForEnd(of child: pid_t, options: Int32) -> Int32? {
        var status: Int32 = 0
        while true {
            let ended = waitpid(child, &status, options)
            if ended == child { return status }
            if ended == 0 { return nil }
            // Somebody else has collected it: that it was there is all that is known.
            if errno != EINTR { return 0 }
        }
    }
}

/// Tells a thread that its task has been cancelled.
private final class CancellationFlag: Sendable {
    private let flag = Guarded(false)
    var isSet: Bool { flag.withLock { $0 } }
    func set() { flag.withLock { $0 = true } }
}
