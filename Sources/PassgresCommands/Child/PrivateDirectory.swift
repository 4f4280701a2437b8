import FoundationEssentials
import Glibc
import TokenCredentials

/// A directory that only its user can enter and that ends with the process, at the latest when the next one starts.
struct PrivateDirectory: Sendable {
    /// Where it is.
    let path: String
    /// Locked while the owner lives, which tells a directory in use from one whose owner was killed.
    private let owner: Int32

    /// Makes a directory under `XDG_RUNTIME_DIR`, else `TMPDIR`, else `/tmp`, and clears away abandoned ones there.
    init(in environment: ProcessEnvironment) throws {
        let parent = try Self.parent(in: environment)
        // One process at a time clears away and makes, so that none takes a directory that is being made for abandoned.
        let turn = open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard turn >= 0 else { throw Self.failure(parent) }
        defer { close(turn) }
        flock(turn, LOCK_EX)
        Self.removeAbandoned(in: parent)
        var template = Array("\(parent)/exec-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw Self.failure(parent) }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        owner = open(path + "/owner", O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard owner >= 0, flock(owner, LOCK_EX | LOCK_NB) == 0 else { throw Self.failure(path) }
    }

    /// Removes the directory with everything in it.
    func remove() {
        Self.removeDirectory(path)
        close(owner)
    }

    /// The directory for private things that last as long as a process; made if it is not there.
    static func parent(in environment: ProcessEnvironment) throws -> String {
        for base in [environment["XDG_RUNTIME_DIR"], environment["TMPDIR"], "/tmp"] {
            guard let base, base.hasPrefix("/") else { continue }
            let path = "\(base)/passgres-\(geteuid())"
            var status = stat()
            // Somebody else may have made one of that name in a directory that all may write to: then it is not used.
            guard mkdir(path, 0o700) == 0 || errno == EEXIST, lstat(path, &status) == 0,
                status.st_mode & S_IFMT == S_IFDIR, status.st_uid == geteuid(), status.st_mode & 0o077 == 0
            else { continue }
            return path
        }
        throw CommandFailure(
            .inputOutput,
            "no private directory can be made: neither XDG_RUNTIME_DIR, TMPDIR nor /tmp allows it"
        )
    }

    private static func removeAbandoned(in parent: String) {
        for name in names(in: parent) where name.hasPrefix("exec-") {
            let path = "\(parent)/\(name)"
            let owner = open(path + "/owner", O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
            defer { if owner >= 0 { close(owner) } }
            if owner < 0 || flock(owner, LOCK_EX | LOCK_NB) == 0 { removeDirectory(path) }
        }
    }

    private static func removeDirectory(_ path: String) {
        for name in names(in: path) { unlink("\(path)/\(name)") }
        rmdir(path)
    }

    static func names(in path: String) -> [String] {
        guard let stream = opendir(path) else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }

    private static func failure(_ path: String) -> CommandFailure {
        CommandFailure(.inputOutput, "making \(path): \(SystemError.text(of: errno))")
    }
}
