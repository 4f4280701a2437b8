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
    init(in environment: ProcessEnvironment, trusting trust: FileTrust) throws {
        let directory = try PrivateDirectory.parent(in: environment, trusting: trust)
        path = "\(directory)/\(Self.prefix)\(getpid())\(Self.suffix)"
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
    static func all(in environment: ProcessEnvironment, trusting trust: FileTrust) throws -> [String] {
        do throws(RuntimeDirectory.Refusal) {
            return try RuntimeDirectory.existing(in: environment, trusting: trust).flatMap { directory in
                (OpenDirectory(directory)?.names ?? []).sorted()
                    .filter { $0.hasPrefix(prefix) && $0.hasSuffix(suffix) }.map { "\(directory)/\($0)" }
            }
        } catch {
            throw CommandFailure(.inputOutput, "\(error)")
        }
    }
}
