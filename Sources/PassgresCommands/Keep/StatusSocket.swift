import Glibc
import TokenCredentials

/// Where a keeper that runs here says how it fares.
struct StatusSocket {
    private static let prefix = "keep-"
    private static let suffix = ".sock"
    /// The socket's name.
    let path: String

    /// Names this process's socket in the private place of its user, and removes one that a dead process left.
    ///
    /// Throws ``CommandFailure`` where there is no such place, or none for a socket.
    init(in environment: ProcessEnvironment) throws {
        path = "\(try PrivateDirectory.parent(in: environment))/\(Self.prefix)\(getpid())\(Self.suffix)"
        guard path.utf8.count < 108 else {
            throw CommandFailure(
                .inputOutput,
                "the socket \(path) would have a path of \(path.utf8.count) bytes, and Linux takes 107. "
                    + "Set XDG_RUNTIME_DIR to a directory of your own with a shorter path.")
        }
        unlink(path)
    }

    /// Removes the name.
    func remove() { unlink(path) }

    /// The process that a socket is named after; 0 if its name holds no number.
    static func process(of path: String) -> pid_t {
        let name = path.split(separator: "/").last ?? ""
        return pid_t(name.dropFirst(prefix.count).dropLast(suffix.count)) ?? 0
    }

    /// The sockets there are.
    static func all(in environment: ProcessEnvironment) throws -> [String] {
        let parent = try PrivateDirectory.parent(in: environment)
        return PrivateDirectory.names(in: parent).filter { $0.hasPrefix(prefix) && $0.hasSuffix(suffix) }.sorted()
            .map { "\(parent)/\($0)" }
    }
}
