import FoundationEssentials
import Glibc
import TokenCredentials

/// A directory that only its user can enter and that ends with the process, at the latest when the next one starts.
struct PrivateDirectory: Sendable {
    private static let prefix = "exec-"
    /// Where it is.
    let path: String
    /// Locked while the owner lives, which tells a directory in use from one whose owner was killed.
    private let owner: Int32

    /// Makes a directory in the user's private one, and clears away abandoned ones there; waits for nobody.
    init(in environment: ProcessEnvironment) throws {
        let parent = try Self.parent(in: environment)
        Self.removeAbandoned(in: parent)
        var template = Array("\(parent)/\(Self.prefix)XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw Self.failure(parent) }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        // Locked before it has the name by which others judge whether the directory is in use.
        let fresh = path + "/owner.new"
        owner = open(fresh, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard owner >= 0, flock(owner, LOCK_EX | LOCK_NB) == 0, rename(fresh, path + "/owner") == 0 else {
            throw Self.failure(path)
        }
    }

    /// Removes the directory with everything in it.
    func remove() {
        Self.removeDirectory(path)
        close(owner)
    }

    /// The user's private directory; made if it is not there.
    static func parent(in environment: ProcessEnvironment, trusting trust: FileTrust = FileTrust()) throws -> String {
        do throws(RuntimeDirectory.Refusal) {
            return try RuntimeDirectory.make(in: environment, trusting: trust)
        } catch {
            throw CommandFailure(.inputOutput, "\(error)")
        }
    }

    private static func removeAbandoned(in parent: String) {
        for name in names(in: parent) where name.hasPrefix(prefix) {
            let path = "\(parent)/\(name)"
            let owner = open(path + "/owner", O_RDWR | O_NOFOLLOW | O_CLOEXEC)
            defer { if owner >= 0 { close(owner) } }
            if owner < 0 ? isOld(path) : flock(owner, LOCK_EX | LOCK_NB) == 0 { removeDirectory(path) }
        }
    }

    /// Whether a directory without an owner is not just being made.
    private static func isOld(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0 && time(nil) - status.st_mtim.tv_sec > 3_600
    }

    private static func removeDirectory(_ path: String) {
        for name in names(in: path) { unlink("\(path)/\(name)") }
        rmdir(path)
    }

    private static func names(in path: String) -> [String] { OpenDirectory(path)?.names ?? [] }

    private static func failure(_ path: String) -> CommandFailure {
        CommandFailure(.inputOutput, "making \(path): \(SystemError.text(of: errno))")
    }
}
