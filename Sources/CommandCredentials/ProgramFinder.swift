import Glibc
import TokenCredentials

/// Looks for programs in the directories of a `PATH`, and trusts only what not everybody may put there.
public struct ProgramFinder: Sendable {
    /// Where programs are looked for if `PATH` is not set.
    public static let usualPath = "/usr/local/bin:/usr/bin:/bin"

    private let directories: [Substring]

    /// Takes the directories of a `PATH`.
    ///
    /// An empty or relative entry means the current directory, and is left out.
    public init(path: String?) {
        directories = (path ?? Self.usualPath).split(separator: ":").filter { $0.hasPrefix("/") }
    }

    /// Returns the first program of that name that may be run.
    ///
    /// Passed over are links that lead nowhere, what is not an executable file, and everything in a directory, or in a
    /// file, that every user of the machine may write to.
    public func location(of name: String) -> ProgramLocation {
        guard !name.isEmpty, !name.utf8.contains(UInt8(ascii: "/")), !name.utf8.contains(0) else {
            return .notFound(passedOver: [])
        }
        var passedOver: [String] = []
        for directory in directories {
            let path = directory.hasSuffix("/") ? "\(directory)\(name)" : "\(directory)/\(name)"
            switch Self.obstacle(at: path, in: String(directory)) {
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
        guard path.hasPrefix("/"), let slash = path.lastIndex(of: "/") else { return "is not an absolute path" }
        let obstacle = obstacle(at: path, in: slash == path.startIndex ? "/" : String(path[..<slash]))
        return obstacle == "" ? "does not exist" : obstacle
    }

    /// What is in the way of running the file: nothing is `nil`, that there is no such file is empty.
    private static func obstacle(at path: String, in directory: String) -> String? {
        var link = stat()
        guard lstat(path, &link) == 0 else { return "" }
        var file = stat()
        guard stat(path, &file) == 0 else {
            return link.st_mode & S_IFMT == S_IFLNK ? "is a link that leads nowhere" : "cannot be read"
        }
        guard file.st_mode & S_IFMT == S_IFREG else { return "is not a file" }
        guard access(path, X_OK) == 0 else { return "is not executable" }
        guard file.st_mode & S_IWOTH == 0 else { return "may be changed by every user" }
        guard !isOpenToAll(directory) else { return "is in a directory that every user may write to" }
        // A link is as safe as the directory it leads to.
        guard let resolved = realpath(path, nil) else { return "cannot be read" }
        defer { free(resolved) }
        let target = String(cString: resolved)
        guard let slash = target.lastIndex(of: "/"),
            !isOpenToAll(slash == target.startIndex ? "/" : String(target[..<slash]))
        else { return "leads to a directory that every user may write to" }
        return nil
    }

    private static func isOpenToAll(_ directory: String) -> Bool {
        var status = stat()
        return stat(directory, &status) == 0 && status.st_mode & S_IWOTH != 0
    }
}
