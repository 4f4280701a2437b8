import Glibc

/// Looks for programs in the directories of a `PATH`, and trusts only what no other user can put there or change.
///
/// A program and everything on the way to it, through links too, belongs to root or to the process's own user, and
/// nobody else may write to it.
public struct ProgramFinder: Sendable {
    /// Where programs are looked for if `PATH` is not set.
    public static let usualPath = "/usr/local/bin:/usr/bin:/bin"

    /// The entries as they stand, but for those that are empty, which mean the current directory.
    private let entries: [Substring]

    /// Takes the directories of a `PATH`.
    ///
    /// An empty or relative entry depends on the current directory, and nothing in it is run.
    public init(path: String?) {
        entries = (path ?? Self.usualPath).split(separator: ":", omittingEmptySubsequences: false)
            .map { $0.isEmpty ? "." : $0 }
    }

    private var directories: [Substring] { entries.filter { $0.hasPrefix("/") } }

    /// Returns the first program of that name that may be run.
    ///
    /// Passed over are links that lead nowhere, what is not an executable file, and what another user could have put
    /// there or could change.
    public func location(of name: String) -> ProgramLocation {
        guard !name.isEmpty, !name.utf8.contains(UInt8(ascii: "/")), !name.utf8.contains(0) else {
            return .notFound(passedOver: [])
        }
        var passedOver: [String] = []
        for entry in entries {
            let path = entry.hasSuffix("/") ? "\(entry)\(name)" : "\(entry)/\(name)"
            guard entry.hasPrefix("/") else {
                if access(path, F_OK) == 0 { passedOver.append("\(path) is in a relative entry of PATH") }
                continue
            }
            switch Self.obstacle(at: path) {
            case nil: return .found(path)
            case ""?: continue
            case let obstacle?: passedOver.append("\(path) \(obstacle)")
            }
        }
        return .notFound(passedOver: passedOver)
    }

    /// Returns the names of all programs that may be run and whose name begins so, without that beginning, sorted.
    public func names(ofProgramsBeginning prefix: String) -> [String] {
        var names: Set<String> = []
        for directory in directories {
            guard let stream = opendir(String(directory)) else { continue }
            defer { closedir(stream) }
            while let entry = readdir(stream) {
                let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                    String(validating: bytes.prefix { $0 != 0 }, as: UTF8.self)
                }
                guard let name, name.hasPrefix(prefix), name != prefix else { continue }
                names.insert(String(name.dropFirst(prefix.count)))
            }
        }
        return names.filter { location(of: prefix + $0).path != nil }.sorted()
    }

    /// Why a program given by its absolute path may not be run; `nil` if it may.
    public static func obstacle(toRunning path: String) -> String? {
        guard path.hasPrefix("/") else { return "is not an absolute path" }
        let obstacle = obstacle(at: path)
        return obstacle == "" ? "does not exist" : obstacle
    }

    /// What is in the way of running the file: nothing is `nil`, that there is no such file is empty.
    private static func obstacle(at path: String) -> String? {
        var link = stat()
        guard lstat(path, &link) == 0 else { return "" }
        var file = stat()
        guard stat(path, &file) == 0 else {
            return link.st_mode & S_IFMT == S_IFLNK ? "is a link that leads nowhere" : "cannot be read"
        }
        guard file.st_mode & S_IFMT == S_IFREG else { return "is not a file" }
        guard access(path, X_OK) == 0 else { return "is not executable" }
        do throws(Protection.Exposure) {
            let target = try PathCheck().resolveFile(path)
            // Where all may make files, a hard link is not its owner's doing.
            if isOpenToAll(directory(of: path)) { return "is in a directory that every user may write to" }
            if isOpenToAll(directory(of: target)) { return "leads to a directory that every user may write to" }
            return nil
        } catch {
            return error.words
        }
    }

    private static func directory(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/"), slash > path.startIndex else { return "/" }
        return String(path[..<slash])
    }

    private static func isOpenToAll(_ directory: String) -> Bool {
        var status = stat()
        return stat(directory, &status) == 0 && status.st_mode & S_IWOTH != 0
    }
}
